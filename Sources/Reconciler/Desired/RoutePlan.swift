import Model

/// The routes and policy rules that the allowed IPs of an interface's peers need.
///
/// Prefixes that the interface's own prefixes cover need none. A `/0` goes into a table of its own, as `wg-quick(8)`
/// does: encrypted packets carry a mark, everything unmarked that the main table has no better route for goes there.
struct RoutePlan {
    /// The priority of the rule that prefers the main table's routes but its default one.
    static let mainPriority: UInt32 = 31_000
    /// The priority of the rule that sends the rest to the interface's own table.
    static let ownPriority: UInt32 = 31_001

    private(set) var routes: [Route] = []
    private(set) var rules: [Rule] = []
    /// The device's mark: the declared one, or the own table's number when a `/0` needs one.
    private(set) var fwmark: UInt32

    init(_ interface: Interface, allowedIPs: some Sequence<Prefix>) {
        fwmark = interface.fwmark
        if interface.table == .off { return }
        let own = interface.prefixes
        var outside: Set<Prefix> = []
        for prefix in allowedIPs where !own.contains(where: { $0.contains(prefix) }) { outside.insert(prefix) }
        guard !outside.isEmpty else { return }
        // Unique per gateway because the port is, and above every number that iproute2 reserves.
        let ownTable = fwmark != 0 ? fwmark : 0x1_0000 + UInt32(interface.listenPort)
        for prefix in outside.sorted() {
            var route = Route(destination: prefix, interface: interface.name, metric: prefix.family == .ipv6 ? 1024 : 0)
            if case .number(let table) = interface.table {
                route.table = table
            } else if prefix.isDefault {
                route.table = ownTable
                fwmark = ownTable
                addRules(for: prefix.family, interface: interface, table: ownTable)
            }
            routes.append(route)
        }
    }

    private mutating func addRules(for family: AddressFamily, interface: Interface, table: UInt32) {
        let sources = interface.routeFrom.filter { $0.family == family }
        if interface.routeFrom.isEmpty {
            rules.append(
                Rule(family: family, priority: Self.mainPriority, table: Route.mainTable, suppressPrefixLength: 0))
            rules.append(Rule(family: family, priority: Self.ownPriority, fwmark: table, inverted: true, table: table))
            return
        }
        for source in sources {
            rules.append(
                Rule(
                    family: family, priority: Self.mainPriority, source: source, table: Route.mainTable,
                    suppressPrefixLength: 0))
            rules.append(Rule(family: family, priority: Self.ownPriority, source: source, table: table))
        }
    }
}
