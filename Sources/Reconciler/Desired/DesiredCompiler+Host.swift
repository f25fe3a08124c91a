import Model

/// The parts of the desired state that belong to the host as a whole: the firewall table and kernel parameters.
extension DesiredCompiler {
    func compileFirewall(_ parts: FirewallParts, into state: inout DesiredState) {
        let marks = Dictionary(
            uniqueKeysWithValues: state.interfaces.map { ($0.name, $0.fwmark) })
        let defaults = Set(state.routes.lazy.filter(\.destination.isDefault).map(\.interface))
        let mtus = Dictionary(uniqueKeysWithValues: state.interfaces.map { ($0.name, $0.mtu) })
        let entries = catalog.interfaces.filter(isInForce).map { interface in
            entry(
                for: interface, mtu: mtus[interface.name] ?? 1420,
                mark: defaults.contains(interface.name) ? marks[interface.name].flatMap { $0 == 0 ? nil : $0 } : nil,
                dns: parts.dns[interface.name])
        }
        guard !entries.isEmpty else { return }
        let policy = FirewallPolicy(
            interfaces: entries, access: parts.access?.structure,
            forwards: DesiredForwards(catalog: catalog, isInForce: isInForce)
                .compiled(wereUsed: facts.hasForwarded),
            tracksConnections: catalog.settings.telemetry.countsFlows)
        state.firewall = FirewallTable(policy: policy, policyDigest: digest(of: policy), elements: parts.elements)
    }

    private func entry(for interface: Interface, mtu: Int, mark: UInt32?, dns: FirewallDNS?) -> FirewallInterface {
        var outputs: [String] = []
        if case .outputs(let names) = interface.masquerade { outputs = names }
        return FirewallInterface(
            name: interface.name, prefixes: interface.prefixes, masqueraded: interface.masqueradedPrefixes,
            masqueradeOutputs: outputs.sorted(), input: interface.input, mssClampMTU: interface.mssClamp ? mtu : nil,
            defaultRouteMark: mark, dns: dns)
    }

    /// The digest of everything the table's chains and rules follow from.
    private func digest(of policy: FirewallPolicy) -> String {
        var form = CanonicalForm()
        // Bumped whenever the rendering of an unchanged policy changes, so that an upgrade rewrites the table.
        form.append("1")
        for interface in policy.interfaces {
            form.append(interface.name)
            form.append(interface.prefixes.map(\.description).joined(separator: ","))
            form.append(interface.masqueraded.map(\.description).joined(separator: ","))
            form.append(interface.masqueradeOutputs.joined(separator: ","))
            switch interface.input {
            case .allow: form.append("allow")
            case .dnsOnly: form.append("dns_only")
            case .services(let services): form.append(services.map(\.description).joined(separator: ","))
            }
            form.append("\(interface.mssClampMTU ?? 0) \(interface.defaultRouteMark ?? 0)")
            // Only where there is something, so that the tables of those who enforce nothing stay as they are.
            if let dns = interface.dns {
                form.append("dns " + dns.forwarders.map(\.description).joined(separator: ",") + " \(dns.rejectsTLS)")
            }
        }
        if let forwards = policy.forwards {
            form.append("forwards " + forwards.tunnelAddresses.map(\.description).joined(separator: ","))
            for entry in forwards.entries { form.append(DesiredForwards.text(entry)) }
        }
        if let access = policy.access {
            form.append("access")
            for group in access.classes { form.append("\(group.id) \(group.selectors) \(group.deniesRest)") }
            for set in access.sets { form.append(FirewallSet.access(set, .ipv4).rawValue) }
        }
        if policy.tracksConnections { form.append("tracked") }
        return digest.digest(form.bytes).description
    }

    func compileSysctls(into state: inout DesiredState) {
        let enabled = catalog.interfaces.filter(isInForce)
        let families = Set(enabled.lazy.flatMap { $0.address.lazy.map(\.family) })
        if families.contains(.ipv4) { state.sysctls[.ipv4Forwarding] = "1" }
        if families.contains(.ipv6) {
            state.sysctls[.ipv6Forwarding] = "1"
            // A host that forwards ignores router advertisements unless told otherwise, and would lose its default route.
            // A guard that was set stays while forwarding does: the route it protects may be gone only for a moment.
            let guarded = facts.linkNames.filter { ownedSysctls.contains(.acceptRouterAdvertisements($0)) }
            for link in guarded.union(facts.routerAdvertisementLinks) {
                state.sysctls[.acceptRouterAdvertisements(link)] = "2"
            }
        }
        if state.rules.contains(where: { $0.family == .ipv4 && $0.fwmark != nil }) {
            state.sysctls[.sourceValidMark] = "1"
        }
        // On a fresh host it appears with our own table, and the pass after that switches it on.
        if catalog.settings.telemetry.countsFlows, !enabled.isEmpty, facts.canCountConnections {
            state.sysctls[.connectionAccounting] = "1"
        }
    }
}
