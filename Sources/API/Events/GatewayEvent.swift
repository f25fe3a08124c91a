import Model

/// One event of the stream.
struct GatewayEvent: Sendable {
    /// Who may see it.
    enum Audience: Sendable, Hashable {
        /// Admins.
        case admins
        /// Admins, and who owns the peer; everybody where the settings say that users see all peers.
        case owner(String?)
    }

    /// `event` of the stream.
    enum Kind: String, Sendable {
        /// A pass was made.
        case pass
        /// Something on the host differs from what was applied.
        case drift
        /// A peer connected, or fell silent.
        case peer
        /// A revision was seen, or something became of it.
        case revision
    }

    let kind: Kind
    let audience: Audience
    private let entries: [(String, JSONValue)]

    /// An event; entries whose value is null are left out.
    init(_ kind: Kind, at: Timestamp, for audience: Audience = .admins, _ entries: [(String, JSONValue)]) {
        self.kind = kind
        self.audience = audience
        self.entries =
            [("type", .string(kind.rawValue)), ("at", .string(at.description))]
            + entries.filter { if case .null = $0.1 { false } else { true } }
    }

    /// The event as the stream carries it.
    func frame(id: String) -> [UInt8] {
        // The value holds no line break: it is one line of data.
        Array("id: \(id)\nevent: \(kind.rawValue)\ndata: ".utf8) + JSONValue.object(entries).compactBytes()
            + Array("\n\n".utf8)
    }
}
