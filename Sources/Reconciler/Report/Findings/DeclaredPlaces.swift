public import Model

/// Where the objects that plans speak of are declared.
public struct DeclaredPlaces: Sendable {
    private let catalog: Catalog

    /// The places of a revision.
    public init(_ catalog: Catalog) {
        self.catalog = catalog
    }

    /// The places of these objects. What no document declares has none; what follows from an interface, like a route or a
    /// peer that nobody declared, has that of the interface.
    public func locations(of objects: Set<ObjectID>) -> [ObjectID: SourceLocation] {
        guard !objects.isEmpty else { return [:] }
        var found: [ObjectID: SourceLocation] = [:]
        func note(_ object: ObjectID, _ location: @autoclosure () -> SourceLocation) {
            if objects.contains(object) { found[object] = location() }
        }
        let kinds = Set(objects.map(\.kind))
        if kinds.contains(.peer) {
            for peer in catalog.peers { note(ObjectID(.peer, "\(peer.interface)/\(peer.name)"), peer.location) }
        }
        for interface in catalog.interfaces { note(ObjectID(.interface, interface.name), interface.location) }
        for rule in catalog.access { note(ObjectID(.access, rule.name), rule.location) }
        for forward in catalog.forwards { note(ObjectID(.forward, forward.name), forward.location) }
        for user in catalog.users { note(ObjectID(.user, user.username), user.location) }
        for list in catalog.blocklists { note(ObjectID(.blocklist, list.name), list.location) }
        if kinds.contains(.dnsRule) {
            for rule in catalog.dnsRules { note(ObjectID(ProjectedDNSRule(rule, id: "")), rule.location) }
            for line in catalog.dnsFilterLines { note(ObjectID(ProjectedDNSRule(line, id: "")), line.location) }
        }
        let interfaces = Dictionary(
            catalog.interfaces.map { ($0.name, $0.location) }, uniquingKeysWith: { first, _ in first })
        for object in objects where found[object] == nil {
            found[object] = fallback(object, interfaces)
        }
        return found
    }

    private func fallback(_ object: ObjectID, _ interfaces: [String: SourceLocation]) -> SourceLocation? {
        switch object.kind {
        case .peer: interfaces[String(object.name.prefix { $0 != "/" })]
        case .route:
            object.name.firstMatch(of: /\ dev ([^ ]+)/).flatMap { interfaces[String($0.output.1)] }
        case .settings, .firewall, .sysctl: catalog.settings.location
        case .dnsSettings: catalog.dns?.location
        case .interface, .rule, .access, .forward, .user, .blocklist, .dnsRule: nil
        }
    }
}
