import Model

extension RoutingMode {
    /// What a device sends into the tunnel: `AllowedIPs` of its configuration (CONFIG.md, "Peer").
    ///
    /// Both families are captured by the modes that take everything, also when the tunnel has only one: what the
    /// gateway can't carry must not leave the device beside the tunnel.
    func allowedIPs(of peer: Peer, on interface: Interface, for platform: Platform) -> [Prefix] {
        switch (self, platform) {
        case (.fullTunnel, _): [.everyIPv4, .everyIPv6]
        // wg-quick sends a /0 by policy routing and leaves more specific routes, the LAN among them, where they are;
        // the halves would stand in the main table, where they catch the tunnel's own packets.
        case (.fullTunnelKeepLAN, .linux): [.everyIPv4, .everyIPv6]
        // To the apps a /0 means the LAN too, on Windows as a kill switch; the LAN's own route is longer than a half.
        case (.fullTunnelKeepLAN, .app): [Prefix.everyIPv4, .everyIPv6].flatMap(\.halves)
        case (.vpnOnly, _): interface.prefixes
        case (.splitTunnel, _): peer.allowedIPs
        }
    }
}

extension Prefix {
    /// `0.0.0.0/0`.
    static let everyIPv4 = Prefix(IPAddress(v4: 0), length: 0)
    /// `::/0`.
    static let everyIPv6 = Prefix(IPAddress(v6: 0, 0), length: 0)

    /// The two halves of a default route.
    fileprivate var halves: [Prefix] {
        let second = family == .ipv4 ? IPAddress(v4: 1 << 31) : IPAddress(v6: 1 << 63, 0)
        return [Prefix(address, length: 1), Prefix(second, length: 1)]
    }
}
