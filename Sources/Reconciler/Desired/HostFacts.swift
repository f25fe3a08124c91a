public import Model

/// The facts of the host that desired values depend on. Equal facts and an equal catalog give an equal desired state,
/// which is what the controller's cache relies on.
public struct HostFacts: Sendable, Hashable {
    /// The MTU of the route to each pinned endpoint.
    public var routeMTUs: [IPAddress: Int]
    /// The smallest MTU of the default routes.
    public var defaultRouteMTU: Int?
    /// Links with an IPv6 default route learned from a router advertisement, sorted.
    public var routerAdvertisementLinks: [String]
    /// The names of all links, to know which owned parameters of links still exist.
    public var linkNames: Set<String>

    /// The facts of an observation.
    public init(_ observed: ObservedState) {
        routeMTUs = observed.routeMTUs
        defaultRouteMTU = observed.defaultRouteMTU
        routerAdvertisementLinks = observed.routerAdvertisementLinks.sorted()
        linkNames = Set(observed.links.lazy.map(\.name))
    }
}
