public import Model

/// What a device needs to reach the gateway, in the format of `wg-quick(8)` that every WireGuard app reads.
///
/// Everything is checked when it is made: a field that would not stand in the text as one value is refused.
public struct DeviceConfiguration: Sendable {
    /// What brings the configuration up.
    public let platform: Platform
    /// What stands in the comment: the peer's name.
    let name: String
    let privateKey: SecretKey?
    let address: [Prefix]
    let dns: [IPAddress]
    let dnsSearch: [String]
    let mtu: Int?
    let gatewayKey: PublicKey
    let presharedKey: SecretKey?
    let endpoint: Endpoint
    let allowedIPs: [Prefix]
    let persistentKeepalive: UInt16
    /// What a person should know about this configuration, each one line; empty when all is well.
    public let remarks: [String]

    /// The configuration of a peer's device.
    ///
    /// - Parameters:
    ///   - gatewayKey: The public key of the interface.
    ///   - privateKey: The device's private key; nil when only the device has it.
    ///   - presharedKey: The key that the peer's `preshared_key` names.
    ///   - forwarder: The DNS forwarder of the gateway, which devices ask unless their interface names other servers.
    /// - Throws: ``ProfileFailure`` when nothing says what the device dials, its address or a preshared key is missing, or a
    ///   value is none that can stand in a configuration.
    public init(
        peer: Peer, interface: Interface, settings: Settings, gatewayKey: PublicKey, privateKey: SecretKey?,
        presharedKey: SecretKey?, forwarder: DNSSettings? = nil, platform: Platform
    ) throws(ProfileFailure) {
        guard !peer.ip.isEmpty else {
            throw ProfileFailure(
                .noAddress,
                "peer \"\(peer.name)\" on \(interface.name) has no tunnel address, so there is no configuration of a device:"
                    + " give it an ip in \(peer.location)")
        }
        self.platform = platform
        name = peer.name
        self.privateKey = privateKey
        address = peer.ip.map(Prefix.init(host:))
        dns = Self.servers(of: peer, on: interface, settings, forwarder)
        dnsSearch = try Self.searchDomains(of: interface)
        self.gatewayKey = gatewayKey
        if peer.presharedKey != nil, presharedKey == nil {
            throw ProfileFailure(
                .missingKey,
                "the preshared key of peer \"\(peer.name)\" on \(interface.name) is missing: without it no connection"
                    + " comes about")
        }
        self.presharedKey = presharedKey
        endpoint = try Self.endpoint(of: interface, settings)
        allowedIPs = peer.routingMode.allowedIPs(of: peer, on: interface, for: platform)
        mtu = try Self.mtu(of: interface, settings, needsIPv6: (address + allowedIPs).contains { $0.family == .ipv6 })
        persistentKeepalive = peer.persistentKeepalive ?? settings.peers.persistentKeepalive
        remarks = Self.remarks(
            on: peer, of: interface, hasKey: privateKey != nil, dns, endpoint, allowedIPs, platform)
    }

    /// Whom the device asks for names: the public resolvers if nothing is filtered for it, else the interface's `dns`,
    /// else the forwarder of this gateway.
    private static func servers(
        of peer: Peer, on interface: Interface, _ settings: Settings, _ forwarder: DNSSettings?
    ) -> [IPAddress] {
        if !peer.dns.filtering, !settings.dnsFallback.isEmpty { return settings.dnsFallback }
        if !interface.dns.isEmpty { return interface.dns }
        return forwarder?.addresses(on: interface).filter { $0.port == 53 }.map(\.address) ?? []
    }

    /// The interface's own endpoint, or the gateway's with the interface's port.
    private static func endpoint(of interface: Interface, _ settings: Settings) throws(ProfileFailure) -> Endpoint {
        let endpoint =
            interface.endpoint ?? settings.publicEndpoint.map { Endpoint(host: $0, port: interface.listenPort) }
        guard let endpoint else {
            throw ProfileFailure(
                .noEndpoint,
                "nothing says what devices of \(interface.name) dial: add `endpoint: <host>:\(interface.listenPort)` to"
                    + " \(interface.location), or `public_endpoint: <host>` to the Settings")
        }
        if case .name(let name) = endpoint.host, HostName(text: Array(name.utf8)[...]) == nil {
            throw ProfileFailure(.invalidValue, "the endpoint of \(interface.name) is not an address or a host name")
        }
        return endpoint
    }

    private static func searchDomains(of interface: Interface) throws(ProfileFailure) -> [String] {
        try interface.dnsSearch.map { domain throws(ProfileFailure) in
            guard let name = HostName(text: Array(domain.utf8)[...]) else {
                throw ProfileFailure(.invalidValue, "dns_search of \(interface.name) holds what is not a domain")
            }
            return name.value
        }
    }

    /// `Settings.peers.mtu`, else an MTU of the interface that is below WireGuard's own choice of 1420: a bigger one is
    /// for the gateway's link, a smaller one for the path between. Below 1280 Linux makes no IPv6 route, not even the one
    /// that keeps IPv6 from leaving beside the tunnel.
    private static func mtu(
        of interface: Interface, _ settings: Settings, needsIPv6: Bool
    ) throws(ProfileFailure) -> Int? {
        guard let mtu = settings.peers.mtu else {
            guard case .fixed(let mtu) = interface.mtu, mtu < 1420 else { return nil }
            return max(mtu, needsIPv6 ? 1280 : 0)
        }
        guard mtu >= 1280 || !needsIPv6 else {
            throw ProfileFailure(
                .invalidValue,
                "peers.mtu of the Settings is \(mtu), but IPv6 in the tunnel needs at least 1280 (RFC 8200)")
        }
        return mtu
    }
}
