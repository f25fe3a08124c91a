/// Whose queries a rule is about.
public enum DNSClient: Sendable, Hashable {
    /// A peer by its name; without an interface the name stands on one interface alone.
    case peer(name: String, interface: String?)
    /// Every address of a prefix.
    case prefix(Prefix)
}

extension DNSClient: CustomStringConvertible, LosslessStringConvertible {
    /// Parses `phone`, `wg0/phone`, `10.8.0.7` or `10.8.0.0/24`; a prefix with host bits and empty names are refused.
    /// What a name may hold is not looked at.
    public init?(_ description: String) {
        if let written = InterfaceAddress(description) {
            guard written.prefix.address == written.address else { return nil }
            self = .prefix(written.prefix)
            return
        }
        let text = description.utf8
        guard let slash = text.firstIndex(of: UInt8(ascii: "/")) else {
            guard !text.isEmpty else { return nil }
            self = .peer(name: description, interface: nil)
            return
        }
        let (interface, name) = (text[..<slash], text[text.index(after: slash)...])
        guard !interface.isEmpty, !name.isEmpty else { return nil }
        self = .peer(name: String(Substring(name)), interface: String(Substring(interface)))
    }

    /// The form ``init(_:)`` parses; a prefix of one address is that address.
    public var description: String {
        switch self {
        case .peer(let name, let interface): (interface.map { "\($0)/" } ?? "") + name
        case .prefix(let prefix): prefix.isHost ? "\(prefix.address)" : "\(prefix)"
        }
    }
}
