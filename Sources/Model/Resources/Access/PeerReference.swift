/// A peer by its name, as documents name it.
public struct PeerReference: Sendable, Hashable {
    /// The peer's name.
    public let name: String
    /// Its interface; nil: the name stands on one interface alone.
    public let interface: String?

    /// A reference.
    public init(name: String, interface: String? = nil) {
        self.name = name
        self.interface = interface
    }
}

extension PeerReference: CustomStringConvertible, LosslessStringConvertible {
    /// Parses `phone` or `wg0/phone`; addresses, prefixes and empty names are refused. What a name may hold is not looked
    /// at.
    public init?(_ description: String) {
        guard case .peer(let name, let interface)? = DNSClient(description) else { return nil }
        self.init(name: name, interface: interface)
    }

    /// The form ``init(_:)`` parses.
    public var description: String { (interface.map { "\($0)/" } ?? "") + name }
}
