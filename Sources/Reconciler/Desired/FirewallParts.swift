import Model

/// What the interfaces contribute to the firewall besides their own entries.
struct FirewallParts {
    /// Members of sets; networks may overlap.
    private var members: [FirewallSet: [FirewallMember]] = [:]
    /// Where the DNS of enforced peers goes, by interface.
    private(set) var dns: [String: FirewallDNS] = [:]

    /// Isolates who sends from these.
    mutating func isolate(_ prefixes: [Prefix]) {
        for prefix in prefixes {
            let set: FirewallSet =
                switch (prefix.family, prefix.isHost) {
                case (.ipv4, true): .isolatedHosts4
                case (.ipv4, false): .isolatedNetworks4
                case (.ipv6, true): .isolatedHosts6
                case (.ipv6, false): .isolatedNetworks6
                }
            members[set, default: []].append(FirewallMember(prefix))
        }
    }

    /// Enforces the DNS of these sources of an interface.
    mutating func enforce(_ dns: FirewallDNS, for sources: EnforcedSources, on interface: String) {
        self.dns[interface] = dns
        for prefix in sources.prefixes {
            let set: FirewallSet =
                switch (prefix.family, prefix.isHost) {
                case (.ipv4, true): .enforcedHosts4
                case (.ipv4, false): .enforcedNetworks4
                case (.ipv6, true): .enforcedHosts6
                case (.ipv6, false): .enforcedNetworks6
                }
            members[set, default: []].append(FirewallMember(prefix, on: interface))
        }
    }

    /// The members of all sets, as nftables takes them.
    var elements: FirewallElements { members.mapValues { Set($0.disjoint()) } }
}
