import Model

extension Assembly {
    /// Until there is a forwarder.
    private static let notServed = "dns is not served by this build yet: rules are checked and explained only"

    /// At most one DNSSettings document, which must not ask itself; blocklists with names of their own, and peers that
    /// name those that exist.
    mutating func checkDNS() {
        reportFurther(dnsSettings, DNSSettingsKind.kind.name)
        if let settings = dnsSettings.first, settings.object.enabled {
            report(at: settings, .notServed, Self.notServed, severity: .warning)
            checkLoops(settings)
        }
        indexBlocklists()
        checkBlocklistChoices()
        reportUnserved()
    }

    /// What asks for something that only a forwarder can do.
    private mutating func reportUnserved() {
        for interface in interfaces where interface.object.dnsEnforce {
            report(interface, InterfaceKind.dnsEnforce, .notServed, Self.notServed, severity: .warning)
        }
        for peer in peers where peer.object.dns.enforce || !peer.object.dns.filtering {
            report(peer, PeerKind.dns, .notServed, Self.notServed, severity: .warning)
        }
    }

    /// The forwarder is no upstream of itself.
    private mutating func checkLoops(_ settings: Declared<DNSSettings>) {
        let own: Set<SocketAddress> =
            switch settings.object.listen {
            case .interfaces:
                Set(interfaces.flatMap { $0.object.address.map { SocketAddress($0.address, port: 53) } })
            case .addresses(let list): Set(list)
            }
        let isOwn = { (upstream: DNSUpstream) in own.contains(SocketAddress(upstream.address, port: upstream.port)) }
        for (number, upstream) in settings.object.upstreams.enumerated() where isOwn(upstream) {
            report(
                settings, DNSSettingsKind.upstreams, item: number + 1, .upstreamLoop,
                "upstreams of DNSSettings has \(upstream), where the forwarder itself answers",
                suggestion: "name a resolver that knows the names of the world")
        }
        for zone in settings.object.conditional {
            for upstream in zone.upstreams where isOwn(upstream) {
                report(
                    settings, DNSSettingsKind.conditional, .upstreamLoop,
                    "conditional.\(zone.name) of DNSSettings has \(upstream), where the forwarder itself answers",
                    suggestion: "name the resolver of \(zone.name)")
            }
        }
    }

    private mutating func indexBlocklists() {
        for (index, declared) in blocklists.enumerated() where declared.valid.contains(BlocklistKind.name) {
            let name = declared.object.name
            guard let first = blocklistIndex[name] else {
                blocklistIndex[name] = index
                continue
            }
            report(
                declared, BlocklistKind.name, .duplicateIdentity,
                "Blocklist \"\(name)\" stands twice, first at"
                    + " \(blocklists[first].location(of: BlocklistKind.name))",
                suggestion: "remove or rename one of them")
        }
    }

    private mutating func checkBlocklistChoices() {
        for index in peers.indices {
            guard let names = peers[index].object.dns.blocklists else { continue }
            for (number, name) in names.enumerated() {
                guard let list = blocklistIndex[name] else {
                    reportAbsentList(name, index, item: number + 1)
                    continue
                }
                guard !blocklists[list].object.enabled else { continue }
                report(
                    peers[index], PeerKind.dns, item: number + 1, .disabledReference,
                    "\(label(index)): Blocklist \"\(name)\" is disabled"
                        + " (\(blocklists[list].location(of: BlocklistKind.name))), so nothing of it is blocked",
                    suggestion: "enable the list, or remove it here", severity: .warning)
            }
        }
    }

    private mutating func reportAbsentList(_ name: String, _ peer: Int, item: Int) {
        guard !mayHoldMore else { return }
        let names = blocklistIndex.keys.sorted()
        let close = Spelling.closest(to: name, in: names).map { "did you mean \"\($0)\"?" }
        report(
            peers[peer], PeerKind.dns, item: item, .danglingReference,
            "\(label(peer)): there is no Blocklist \"\(name)\"",
            suggestion: close
                ?? (names.isEmpty
                    ? "add a document with kind: Blocklist, name: \(name)"
                    : "blocklists: " + names.joined(separator: ", ")))
    }
}
