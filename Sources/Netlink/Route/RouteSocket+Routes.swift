internal import CLibMnl

extension RouteSocket {
    /// The routes that a filter takes, IPv4 first. A table that doesn't exist has no routes.
    public func routes(_ filter: RouteFilter = RouteFilter()) throws(NetlinkError) -> [Route] {
        var routes: [Route] = []
        for family in NetlinkFamily.allCases where filter.family == nil || filter.family == family {
            do throws(NetlinkError) {
                routes += try conversation.dump(Route.dumpRequest(family, filter), [], "list routes") {
                    (found: inout [Route], message, bytes) throws(NetlinkError) in
                    guard message.type == RTM_NEWROUTE, let route = try Route(decoding: message, in: bytes),
                        // Kernels without strict checking ignore the filter.
                        route.destination.address.family == family, filter.matches(route)
                    else { return }
                    found.append(route)
                }
            } catch .refused(let refusal) where refusal.errno == ENOENT && filter.table != nil {
                continue
            }
        }
        return routes
    }

    /// The route a packet to `destination` would take: link, gateway, preferred source and the route's MTU if it has one.
    ///
    /// `mark` is the packet's firewall mark, `source` its source address. Throws a refusal (`ENETUNREACH`,
    /// `EHOSTUNREACH`, `EACCES`) when there is none.
    public func routeGet(
        _ destination: NetlinkAddress, mark: UInt32? = nil, from source: NetlinkAddress? = nil
    ) throws(NetlinkError) -> Route {
        try conversation.get(
            Route.getRequest(destination, mark: mark, from: source), "look up the route to \(destination)"
        ) { (message, bytes) throws(NetlinkError) in
            message.type == RTM_NEWROUTE ? try Route(decoding: message, in: bytes, cached: true) : nil
        }
    }

    /// Adds a route. Throws a refusal with `isAlreadyExisting` when destination, table and metric are taken.
    public func addRoute(_ route: Route) throws(NetlinkError) {
        try conversation.execute(route.addRequest, "add route \(route.destination) to table \(route.table)")
    }

    /// Adds a route or puts it in the place of the one with the same destination, table and metric.
    public func replaceRoute(_ route: Route) throws(NetlinkError) {
        try conversation.execute(route.replaceRequest, "replace route \(route.destination) in table \(route.table)")
    }

    /// Deletes the route that agrees in every given field. Throws a refusal with `isNotFound` when there is none.
    public func deleteRoute(_ route: Route) throws(NetlinkError) {
        try conversation.execute(route.deleteRequest, "delete route \(route.destination) from table \(route.table)")
    }
}
