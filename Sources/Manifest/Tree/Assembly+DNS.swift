import Model

extension Assembly {
    /// At most one DNSSettings document, which must not ask itself; blocklists with names of their own, and peers that
    /// name those that exist.
    mutating func checkDNS() {
        reportFurther(dnsSettings, DNSSettingsKind.kind.name)
        if let settings = dnsSettings.first, settings.object.enabled {
            checkLoops(settings)
            checkFallback()
        }
        blocklistIndex = index(blocklists, BlocklistKind.kind.name, BlocklistKind.name) { $0.name }
        checkBlocklistChoices()
        checkEnforcement()
    }

    /// Devices that shall ask public resolvers need to be told which.
    private mutating func checkFallback() {
        guard !mayHoldMore, settings.first?.object.dnsFallback.isEmpty ?? true else { return }
        for index in peers.indices where !peers[index].object.dns.filtering {
            report(
                peers[index], PeerKind.dns, .noFallback,
                "\(label(index)): dns.filtering is false, but the Settings name no dns_fallback: its device still gets the"
                    + " servers of its interface",
                suggestion: "add dns_fallback with public resolvers to the Settings", severity: .warning)
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

    private mutating func checkBlocklistChoices() {
        for index in peers.indices {
            guard let names = peers[index].object.dns.blocklists else { continue }
            for (number, name) in names.enumerated() {
                guard let list = blocklistIndex[name] else {
                    reportAbsentList(name, index, item: PeerKind.blocklist(number + 1))
                    continue
                }
                guard !blocklists[list].object.enabled else { continue }
                report(
                    peers[index], PeerKind.dns, item: PeerKind.blocklist(number + 1), .disabledReference,
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
