/// The kind of a link to create (`IFLA_INFO_KIND`).
public enum LinkKind: Hashable, Sendable {
    /// A WireGuard device of the kernel module.
    case wireguard
    /// A device that drops what is sent to it.
    case dummy
    /// A pair of connected devices; the other end gets this name.
    case veth(peer: String)
    /// Any other kind that needs no data of its own, such as "bridge" or "ifb".
    case named(String)

    /// The kernel's name of the kind.
    public var name: String {
        switch self {
        case .wireguard: "wireguard"
        case .dummy: "dummy"
        case .veth: "veth"
        case .named(let name): name
        }
    }
}

/// What to change of a link; nil leaves it alone.
public struct LinkChanges: Hashable, Sendable {
    /// Bytes.
    public var mtu: UInt32?
    /// Switch it on or off.
    public var isUp: Bool?
    /// At most 255 bytes; the empty text removes it.
    public var alias: String?
    /// Move it into the network namespace behind this open file descriptor.
    public var namespaceDescriptor: Int32?

    /// Changes with the given values.
    public init(
        mtu: UInt32? = nil, isUp: Bool? = nil, alias: String? = nil, namespaceDescriptor: Int32? = nil
    ) {
        self.mtu = mtu
        self.isUp = isUp
        self.alias = alias
        self.namespaceDescriptor = namespaceDescriptor
    }
}
