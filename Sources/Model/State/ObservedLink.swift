/// A link of the namespace with its addresses.
public struct ObservedLink: Sendable, Hashable {
    /// The interface index, unique while the namespace lives.
    public var index: Int
    /// The name.
    public var name: String
    /// The kind of `ip -d link` (`wireguard`, `tun`, `veth`); empty for a device without one.
    public var kind: String
    /// The MTU in bytes.
    public var mtu: Int
    /// Whether the link is administratively up.
    public var isUp: Bool
    /// The link alias; ours is ``LinkMark/text``.
    public var alias: String
    /// The addresses in the kernel's order (the first of a subnet is its primary one), kernel-made link-local ones left out.
    public var addresses: [InterfaceAddress]
    /// What moved since the link was made, in bytes of inner packets (a tunnel's own headers don't count); nil: not looked at.
    /// Two looks at a link that nobody changed differ in it.
    public var traffic: TrafficBytes?

    /// A link.
    public init(
        index: Int, name: String, kind: String, mtu: Int, isUp: Bool, alias: String = "",
        addresses: [InterfaceAddress] = [], traffic: TrafficBytes? = nil
    ) {
        self.index = index
        self.name = name
        self.kind = kind
        self.mtu = mtu
        self.isUp = isUp
        self.alias = alias
        self.addresses = addresses
        self.traffic = traffic
    }

    /// Whether the link carries our mark.
    public var isMarked: Bool { alias == LinkMark.text }

    /// Whether a link of this kind can carry WireGuard: by the kernel module, or by a userspace program.
    public var canCarryWireGuard: Bool { kind == "wireguard" || kind == "tun" }
}

/// The mark on links that we made or adopted.
public enum LinkMark {
    /// The link alias (`ip link set dev wg0 alias …`).
    public static let text = "wirebuddy"
}
