extension DNSSettings {
    /// Where the queries of enforced peers go; nil without such peers, and without a forwarder that answers on the
    /// interface: nobody is sent where nobody answers. It follows from what is declared, so that peers that come, go,
    /// expire and are revoked change members only.
    ///
    /// - Parameter peers: those of the interface.
    public func enforcement(on interface: Interface, peers: some Sequence<Peer>) -> FirewallDNS? {
        guard interface.dnsEnforce || peers.contains(where: { $0.dns.enforce }) else { return nil }
        let addresses = addresses(on: interface)
        let forwarders = AddressFamily.allCases.compactMap { family in
            addresses.first { $0.address.family == family }
        }
        return forwarders.isEmpty ? nil : FirewallDNS(forwarders: forwarders, rejectsTLS: enforcement.rejectDoT)
    }
}
