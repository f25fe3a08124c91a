import Model

/// What the devices of an interface know it by: with another one they reach it no more, or not at once.
struct InterfaceIdentity: Sendable, Hashable {
    /// The UDP port.
    var port: UInt16
    /// The digest of the private key; nil: it is still to be made.
    var key: String?
    /// Whether the repository names the key; otherwise this host made it.
    var isDeclared: Bool

    init(port: UInt16, key: SecretKey?, isDeclared: Bool, digest: any Digest) {
        self.port = port
        self.key = key.map { key in key.clamped.withBytes { digest.digest($0) }.short }
        self.isDeclared = isDeclared
    }

    /// Reads what ``text`` wrote; nil for anything else.
    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 3, let port = UInt16(words[0]) else { return nil }
        self.port = port
        key = words[1] == "-" ? nil : String(words[1])
        isDeclared = words[2] == Self.declared
    }

    /// As the inventory keeps it.
    var text: String { "\(port) \(key ?? "-") \(isDeclared ? Self.declared : "host")" }

    private static let declared = "declared"
}

extension DesiredInterface {
    /// What the devices know it by; nil for a state that no compiler made.
    var parsedIdentity: InterfaceIdentity? { InterfaceIdentity(identity) }
}
