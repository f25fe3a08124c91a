import Model

extension DeviceConfiguration {
    /// What is valid, and still not what most people want.
    static func remarks(
        on peer: Peer, of interface: Interface, hasKey: Bool, _ dns: [IPAddress], _ endpoint: Endpoint,
        _ allowedIPs: [Prefix],
        _ platform: Platform
    ) -> [String] {
        var remarks: [String] = []
        if !hasKey {
            remarks.append(
                "the private key is held by the device: write it behind \"PrivateKey =\" there, the configuration is"
                    + " refused until then")
        }
        if !peer.enabled { remarks.append("the peer is disabled: the gateway does not answer it") }
        for server in dns
        where interface.prefixes.contains(where: { $0.contains(server) })
            && !allowedIPs.contains(where: { $0.contains(server) })
        {
            remarks.append(
                "the DNS server \(server) is in the tunnel, but allowed_ips does not cover it: the device resolves no"
                    + " name until you add \(Prefix(host: server))")
        }
        if platform == .linux, case .address(let address) = endpoint.host,
            let prefix = allowedIPs.first(where: { !$0.isDefault && $0.contains(address) })
        {
            remarks.append(
                "\(prefix) covers the endpoint \(address): on Linux the tunnel's own packets go into the tunnel unless"
                    + " the device has a more specific route to it")
        }
        return remarks
    }
}
