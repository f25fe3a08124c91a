public import Model

extension Policy {
    /// The policy that a catalog declares.
    ///
    /// - Parameters:
    ///   - lists: its enabled blocklists as far as they could be read, compiled with `key`.
    ///   - key: the secret that names are hashed under.
    /// - Throws: ``PolicyFault``; a catalog whose rules were checked by ``RuleSyntax`` has none in a single rule.
    public convenience init(_ catalog: Catalog, lists: [CompiledList], key: NameKey) throws(PolicyFault) {
        var rules = OwnRules()
        for rule in catalog.dnsRules {
            do { try rules.add(rule) } catch { throw .rule(rule.location, error) }
        }
        for line in catalog.dnsFilterLines {
            do { try rules.add(line) } catch { throw .rule(line.location, error) }
        }
        let interfaces = Dictionary(
            catalog.interfaces.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let rejectsDoH = catalog.dns?.enforcement.rejectDoH ?? false
        let peers = catalog.peers.map { peer in
            PolicyPeer(
                interface: peer.interface, name: peer.name, label: peer.dnsName, allowedIPs: peer.serverAllowedIPs,
                isFiltered: peer.dns.filtering, blocklists: peer.dns.blocklists,
                blocksResolvers: rejectsDoH
                    && interfaces[peer.interface].map { peer.dns.isEnforced(on: $0) } ?? peer.dns.enforce)
        }
        do {
            try self.init(
                peers: peers, rules: rules, lists: lists, key: key,
                isBlocking: catalog.dns?.blocking.enabled ?? true)
        } catch {
            throw .rules(error)
        }
    }
}

/// Why no policy can be made of a catalog.
public enum PolicyFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// A rule is not understood.
    case rule(SourceLocation, LineFault)
    /// The rules can't be searched for together.
    case rules(ListFault)

    /// What is wrong: lower case, no full stop.
    public var description: String {
        switch self {
        case .rule(let location, let fault): "\(location): \(fault)"
        case .rules(let fault): "\(fault)"
        }
    }
}
