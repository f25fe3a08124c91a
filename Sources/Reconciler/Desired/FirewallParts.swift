import Model

/// What the interfaces contribute to the firewall besides their own entries.
struct FirewallParts {
    /// Members of sets; networks may overlap.
    private var members: [FirewallSet: [FirewallMember]] = [:]
    /// Where the DNS of enforced peers goes, by interface.
    private(set) var dns: [String: FirewallDNS] = [:]
    /// What `Access` documents need; nil without one.
    var access: AccessClasses?
    private var controlled: [FirewallSet: [FirewallMember]] = [:]

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
    mutating func enforce(_ dns: FirewallDNS, for sources: [Prefix], on interface: String) {
        self.dns[interface] = dns
        for prefix in sources {
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

    /// Judges the connections of these sources of an interface as those of a class.
    mutating func control(_ sources: [Prefix], as accessClass: String, on interface: String) {
        for prefix in sources {
            let set: FirewallSet =
                switch (prefix.family, prefix.isHost) {
                case (.ipv4, true): .accessHosts4
                case (.ipv4, false): .accessNetworks4
                case (.ipv6, true): .accessHosts6
                case (.ipv6, false): .accessNetworks6
                }
            controlled[set, default: []].append(FirewallMember(prefix, on: interface, accessClass: accessClass))
        }
    }

    /// The members of all sets, as nftables takes them.
    var elements: FirewallElements {
        var elements: FirewallElements = members.mapValues { Set($0.disjoint()) }
        elements.merge(controlled.mapValues { Set($0.disjoint()) }) { $1 }
        if let access { elements.merge(access.elements) { $1 } }
        return elements
    }
}
