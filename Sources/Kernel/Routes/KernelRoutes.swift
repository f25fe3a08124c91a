import Glibc
import Model
import Netlink
import Reconciler

/// Routes and rules, through rtnetlink. Every call blocks; use it from one thread at a time.
final class KernelRoutes {
    private let socket: RouteSocket

    init(_ socket: RouteSocket) { self.socket = socket }

    /// Routes through the links of these indices and all routes of ours, without those the kernel made.
    func routes(through indices: [Int], links: [ObservedLink]) throws(BackendError) -> [Model.Route] {
        let names = Dictionary(links.lazy.map { ($0.index, $0.name) }) { first, _ in first }
        var found: [Model.Route] = []
        var seen: Set<Netlink.Route> = []
        var filters = [RouteFilter(originator: Model.Route.ownProtocol)]
        for index in indices where names[index] != nil {
            filters.append(RouteFilter(linkIndex: Int32(clamping: index)))
        }
        for filter in filters {
            for route in try listed(filter) where seen.insert(route).inserted {
                if let route = Self.observed(route, names: names) { found.append(route) }
            }
        }
        return found
    }

    /// Rules of ours.
    func rules() throws(BackendError) -> [Model.Rule] {
        try asking { () throws(NetlinkError) in try socket.rules() }.compactMap(Self.observed)
    }

    /// Adds a route with our protocol; success when the link has that route already. One of ours through another link is
    /// replaced.
    func add(_ route: Model.Route) throws(BackendError) {
        guard let wanted = try self.route(route) else {
            throw BackendError(.transient, "link \(route.interface) is gone, no route \(route.destination) is added")
        }
        do throws(NetlinkError) {
            try socket.addRoute(wanted)
        } catch  where error.isAlreadyExisting {
            let same = try listed(RouteFilter(family: route.destination.family.netlink, table: route.table))
                .filter { $0.destination == wanted.destination && ($0.metric ?? 0) == route.metric }
            guard !same.contains(where: { $0.linkIndex == wanted.linkIndex && $0.gateway == nil }) else { return }
            if !same.isEmpty, same.allSatisfy({ $0.originator == Model.Route.ownProtocol }) {
                // A network that moves from one link of ours to another is at no moment without a route.
                return try asking { () throws(NetlinkError) in try socket.replaceRoute(wanted) }
            }
            throw BackendError(
                .terminal,
                "route \(route.destination) in table \(route.table) exists through another link or gateway; "
                    + "remove it, or set the interface's table")
        } catch {
            throw BackendError(error)
        }
    }

    /// Deletes a route; one that is gone is success.
    func remove(_ route: Model.Route) throws(BackendError) {
        // With its link the route went too.
        guard let unwanted = try self.route(route) else { return }
        try tolerating(\.isNotFound) { () throws(NetlinkError) in try socket.deleteRoute(unwanted) }
    }

    /// Adds a rule with our protocol; one that is there already is success.
    func add(_ rule: Model.Rule) throws(BackendError) {
        try tolerating(\.isAlreadyExisting) { () throws(NetlinkError) in try socket.addRule(Self.rule(rule)) }
    }

    /// Deletes a rule; one that is gone is success.
    func remove(_ rule: Model.Rule) throws(BackendError) {
        try tolerating(\.isNotFound) { () throws(NetlinkError) in try socket.deleteRule(Self.rule(rule)) }
    }

    func lookUp(_ destination: NetlinkAddress, mark: UInt32?) throws(NetlinkError) -> Netlink.Route {
        try socket.routeGet(destination, mark: mark)
    }

    func listed(_ filter: RouteFilter) throws(BackendError) -> [Netlink.Route] {
        do throws(NetlinkError) {
            return try socket.routes(filter)
        } catch  where error.errno == ENODEV {
            // The link went away since it was seen, and its routes with it.
            return []
        } catch {
            throw BackendError(error)
        }
    }

    /// The route as netlink has it; nil when its link is gone.
    private func route(_ route: Model.Route) throws(BackendError) -> Netlink.Route? {
        do throws(NetlinkError) {
            let index = try socket.link(named: route.interface).index
            return Netlink.Route(
                destination: route.destination.netlink, table: route.table, originator: route.routeProtocol,
                linkIndex: index, metric: route.metric == 0 ? nil : route.metric)
        } catch  where error.isNotFound {
            return nil
        } catch {
            throw BackendError(error)
        }
    }

    private static func rule(_ rule: Model.Rule) -> Netlink.Rule {
        Netlink.Rule(
            family: rule.family.netlink, priority: rule.priority, table: rule.table, mark: rule.fwmark,
            isInverted: rule.inverted, suppressPrefixLength: rule.suppressPrefixLength.map { UInt32(clamping: $0) },
            source: rule.source?.netlink, originator: Model.Route.ownProtocol)
    }

    private static func observed(_ route: Netlink.Route, names: [Int: String]) -> Model.Route? {
        guard route.originator != Netlink.Route.kernelOriginator, route.type == Netlink.Route.unicast,
            !route.isMultipath, let name = route.linkIndex.flatMap({ names[Int($0)] })
        else { return nil }
        return Model.Route(
            destination: Prefix(route.destination), interface: name, table: route.table, metric: route.metric ?? 0,
            routeProtocol: route.originator)
    }

    /// A rule of ours; nil for one of somebody else, also when it has our number but a selector that ours never have.
    private static func observed(_ rule: Netlink.Rule) -> Model.Rule? {
        guard rule.originator == Model.Route.ownProtocol, rule.action == Netlink.Rule.lookup, rule.destination == nil,
            rule.inputLink == nil, rule.outputLink == nil, rule.markMask ?? .max == .max
        else { return nil }
        return Model.Rule(
            family: AddressFamily(rule.family), priority: rule.priority, source: rule.source.map(Prefix.init),
            fwmark: rule.mark, inverted: rule.isInverted, table: rule.table,
            suppressPrefixLength: rule.suppressPrefixLength.map { Int($0) })
    }
}
