import Model

extension Assembly {
    /// Queries are sent only where somebody answers: without a forwarder on an interface nothing is enforced there.
    mutating func checkEnforcement() {
        if dnsSettings.isEmpty, mayHoldMore { return }
        for index in interfaces.indices where interfaces[index].object.enabled {
            let interface = interfaces[index]
            guard interface.valid.contains(InterfaceKind.address), let gap = gap(on: interface.object) else { continue }
            if interface.object.dnsEnforce {
                report(
                    interface, InterfaceKind.dnsEnforce, .notEnforced,
                    "dns_enforce of \(label(interface)) has no effect: \(gap.reason)", suggestion: gap.suggestion,
                    severity: .warning)
            }
            for peer in peers.indices where owners[peer] == index && peers[peer].object.dns.enforce {
                report(
                    peers[peer], PeerKind.dns, .notEnforced,
                    "dns.enforce of \(label(peer)) has no effect: \(gap.reason)", suggestion: gap.suggestion,
                    severity: .warning)
            }
        }
    }

    /// Why nobody answers the peers of an interface, and what to do; nil if the forwarder does.
    private func gap(on interface: Interface) -> (reason: String, suggestion: String)? {
        guard let settings = dnsSettings.first else {
            return (
                "there is no DNSSettings",
                "add a document with kind: DNSSettings, upstreams: [\"9.9.9.9@853#dns.quad9.net\"]"
            )
        }
        // What it listens on is not known then, and reported already.
        if settings.present.contains(DNSSettingsKind.listen), !settings.valid.contains(DNSSettingsKind.listen) {
            return nil
        }
        guard settings.object.addresses(on: interface).isEmpty else { return nil }
        if !settings.object.enabled { return ("DNSSettings (\(settings.object.location)) is disabled", "enable it") }
        let addresses = interface.address.map { SocketAddress($0.address, port: 53).description }
        return (
            "DNSSettings (\(settings.location(of: DNSSettingsKind.listen))) doesn't listen on \(interface.name)",
            "listen: interfaces, or add \(addresses.joined(separator: ", "))"
        )
    }
}
