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

    /// The names of links that are not ours and that nobody consented to take over. They stay out of the firewall,
    /// routes and kernel parameters.
    public var foreignLinks: Set<String>

    /// Whether ports led to peers since the host started: connections that are no longer forwarded may still run.
    public var hasForwarded: Bool

    /// Whether the kernel can count the bytes of connections: it tracks some, or did.
    public var canCountConnections: Bool

    /// Chains of other firewall programs that take rules of ours.
    public var foreignPlaces: Set<ForeignPlace>

    /// The facts of an observation; `adopt` names the interfaces whose adoption was consented to besides the manifest.
    public init(_ observed: ObservedState, inventory: InventorySnapshot, adopt: Set<String> = []) {
        routeMTUs = observed.routeMTUs
        defaultRouteMTU = observed.defaultRouteMTU
        routerAdvertisementLinks = observed.routerAdvertisementLinks.sorted()
        linkNames = Set(observed.links.lazy.map(\.name))
        foreignLinks = []
        foreignPlaces = observed.foreignPlaces
        hasForwarded = inventory.applied[.forwardedConnections].map { AppliedRecord($0).digest } == observed.host.bootID
        canCountConnections = observed.sysctls[.connectionAccounting] != nil
        for link in observed.links where !adopt.contains(link.name) {
            let ownership = Ownership(of: link, row: inventory.interfaces[link.name], host: observed.host)
            if ownership == .foreign { foreignLinks.insert(link.name) }
        }
    }
}
