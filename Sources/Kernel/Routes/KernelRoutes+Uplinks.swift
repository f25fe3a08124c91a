import Model
import Netlink
import Reconciler

extension KernelRoutes {
    /// The links of the default routes of the main table by family, our own tunnels left out: where the internet is.
    func uplinks(links: [ObservedLink], managed: Set<Int>) throws(BackendError) -> [AddressFamily: Set<String>] {
        let names = Dictionary(links.lazy.map { ($0.index, $0.name) }) { first, _ in first }
        var uplinks: [AddressFamily: Set<String>] = [:]
        for route in try listed(RouteFilter(table: Model.Route.mainTable))
        where route.destination.length == 0 && route.type == Netlink.Route.unicast {
            guard let index = route.linkIndex.map(Int.init), !managed.contains(index), let name = names[index] else {
                continue
            }
            uplinks[AddressFamily(route.destination.address.family), default: []].insert(name)
        }
        return uplinks
    }
}
