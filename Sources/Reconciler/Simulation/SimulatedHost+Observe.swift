import Model

/// Being looked at.
extension SimulatedHost {
    /// What a look at all parts shows.
    ///
    /// - Parameter routeMTU: that of the route to every destination.
    func observed(_ request: ObservationRequest, at now: Timestamp, routeMTU: Int = 1500) -> ObservedState {
        var seen = ObservedState(takenAt: now, host: HostIdentity(bootID: bootID, namespace: 1))
        seen.kernelWireGuard = hasKernelWireGuard
        seen.defaultRouteMTU = 1500
        if hasAdvertisedRoute { seen.routerAdvertisementLinks = ["eth0"] }
        for sysctl in request.sysctls { seen.sysctls[sysctl] = sysctls[sysctl] }
        for destination in request.destinations { seen.routeMTUs[destination] = routeMTU }
        seen.links = links.map {
            ObservedLink(
                index: $0.index, name: $0.name, kind: $0.kind, mtu: $0.mtu, isUp: $0.isUp, alias: $0.alias,
                addresses: $0.addresses)
        }
        for link in links where request.interfaces.contains(link.name) { seen.devices[link.name] = link.device }
        seen.routes = routes.filter {
            $0.routeProtocol == Route.ownProtocol || request.interfaces.contains($0.interface)
        }
        seen.rules = rules
        if let table {
            seen.firewall = ObservedFirewall(
                structure: FirewallStructure(
                    policyDigest: table.policyDigest, listingDigest: "\(table.policyDigest)-\(tableEdits)"),
                elements: table.elements)
        }
        seen.foreignPlaces = foreignPlaces
        seen.foreignRules = foreignRules
        return seen
    }
}
