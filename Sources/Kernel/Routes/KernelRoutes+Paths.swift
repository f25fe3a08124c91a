import Model
import Netlink
import Reconciler

/// What the routes of the host say about the way to the outside: MTUs, and who announced the default route.
extension KernelRoutes {
    /// `RTPROT_RA` of `<linux/rtnetlink.h>`: made by a router advertisement.
    private static let RTPROT_RA: UInt8 = 9

    /// The MTU of the route to each destination; absent where there is none.
    ///
    /// A lookup that ends in one of our own tunnels, because a `/0` is behind a peer, is repeated with the mark of
    /// `rules` that keeps encrypted packets out of it: the way of the endpoint is meant, not that of its tunnel.
    func mtus(
        to destinations: [IPAddress], links: [ObservedLink], managed: Set<Int>, rules: [Model.Rule]
    ) throws(BackendError) -> [IPAddress: Int] {
        var mtus: [IPAddress: Int] = [:]
        for destination in destinations {
            let marks = rules.filter { $0.inverted && $0.family == destination.family }.compactMap(\.fwmark)
            for mark in [nil] + marks {
                guard let route = try lookup(destination, mark: mark) else { continue }
                if let index = route.linkIndex, managed.contains(Int(index)) { continue }
                mtus[destination] = Self.mtu(of: route, links: links)
                break
            }
        }
        return mtus
    }

    /// The smallest MTU of the default routes of the main table that don't go through our own tunnels; nil without one.
    func defaultRouteMTU(links: [ObservedLink], managed: Set<Int>) throws(BackendError) -> Int? {
        try listed(RouteFilter(table: Model.Route.mainTable)).filter { route in
            route.destination.length == 0 && route.type == Netlink.Route.unicast
                && !(route.linkIndex.map { managed.contains(Int($0)) } ?? true)
        }.compactMap { Self.mtu(of: $0, links: links) }.min()
    }

    /// Names of the links whose IPv6 default route came with a router advertisement, sorted.
    func routerAdvertisementLinks(links: [ObservedLink]) throws(BackendError) -> [String] {
        let announced = try listed(RouteFilter(family: .ipv6, originator: Self.RTPROT_RA))
            .filter { $0.destination.length == 0 }.compactMap(\.linkIndex)
        return links.filter { link in announced.contains { Int($0) == link.index } }.map(\.name).sorted()
    }

    private func lookup(_ destination: IPAddress, mark: UInt32?) throws(BackendError) -> Netlink.Route? {
        do throws(NetlinkError) {
            return try lookUp(destination.netlink, mark: mark)
        } catch {
            // A refusal says that there is no way: unreachable, prohibited, blackhole, no IPv6.
            if case .refused = error { return nil }
            throw BackendError(error)
        }
    }

    private static func mtu(of route: Netlink.Route, links: [ObservedLink]) -> Int? {
        if let mtu = route.mtu, mtu > 0 { return Int(mtu) }
        return links.first { $0.index == route.linkIndex.map(Int.init) }?.mtu
    }
}
