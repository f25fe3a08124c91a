/// What one look at the host, and at what the database holds of the repository, found. Immutable; everything people see about the running gateway comes from such a value.
public struct ObservedState: Sendable {
    /// When the look began.
    public var takenAt: Timestamp
    /// Which boot and network namespace this is.
    public var host: HostIdentity
    /// Every link of the namespace, sorted by index.
    public var links: [ObservedLink]
    /// The WireGuard devices that were asked for and exist, by link name.
    public var devices: [String: ObservedDevice]
    /// Routes through the links that were asked for, and all routes with our protocol. Kernel-made and multicast ones
    /// are left out.
    public var routes: [Route]
    /// Rules with our protocol.
    public var rules: [Rule]
    /// Our nftables table.
    public var firewall: ObservedFirewall
    /// The values of the sysctls that were asked for; a key that the kernel lacks is absent.
    public var sysctls: [Sysctl: String]
    /// Names of links with an IPv6 default route learned from a router advertisement.
    public var routerAdvertisementLinks: [String]
    /// The MTU of the route to each destination that was asked for; absent where there is no route.
    public var routeMTUs: [IPAddress: Int]
    /// The smallest MTU of the IPv4 and IPv6 default routes; nil without one.
    public var defaultRouteMTU: Int?
    /// Foreign base chains that may drop our traffic.
    public var blocks: [FirewallBlock]
    /// Chains of other firewall programs that take rules of ours.
    public var foreignPlaces: Set<ForeignPlace>
    /// Our rules in chains of other firewall programs.
    public var foreignRules: Set<ForeignRule>
    /// Programs that listen on the ports that were asked for.
    public var listeners: [LocalListener]
    /// The ways that changes must not cut. Looked for only where a plan changes something.
    public var paths: WatchedPaths
    /// Whether the kernel offers WireGuard links.
    public var kernelWireGuard: Bool
    /// What the database holds of the repository.
    public var projections: ProjectedState
    /// Parts that could not be read. Nothing that depends on such a part is changed, above all not deleted.
    public var unreadable: [UnreadablePart]

    /// An observation of an empty namespace.
    public init(takenAt: Timestamp, host: HostIdentity) {
        self.takenAt = takenAt
        self.host = host
        links = []
        devices = [:]
        routes = []
        rules = []
        firewall = ObservedFirewall()
        sysctls = [:]
        routerAdvertisementLinks = []
        routeMTUs = [:]
        defaultRouteMTU = nil
        blocks = []
        foreignPlaces = []
        foreignRules = []
        listeners = []
        paths = WatchedPaths()
        kernelWireGuard = false
        projections = ProjectedState()
        unreadable = []
    }
}

/// The boot and network namespace an observation or inventory row belongs to.
public struct HostIdentity: Sendable, Hashable {
    /// The kernel's boot id (`/proc/sys/kernel/random/boot_id`).
    public let bootID: String
    /// The inode of the network namespace (`/proc/self/ns/net`).
    public let namespace: UInt64

    /// An identity.
    public init(bootID: String, namespace: UInt64) {
        self.bootID = bootID
        self.namespace = namespace
    }
}

/// A part of the host that could not be read.
public struct UnreadablePart: Sendable, Hashable {
    /// What could not be read.
    public enum Part: Sendable, Hashable {
        /// Links or addresses.
        case links
        /// The WireGuard device of this link.
        case device(String)
        /// Routes or rules.
        case routes
        /// The nftables ruleset.
        case firewall
        /// Users, settings and DNS policy in the database.
        case projections
    }

    /// What could not be read.
    public let part: Part
    /// Why.
    public let reason: String

    /// A part and the reason.
    public init(_ part: Part, reason: String) {
        self.part = part
        self.reason = reason
    }
}

/// A foreign base chain that may drop our traffic, and what an admin types to let it pass.
public struct FirewallBlock: Sendable, Hashable {
    /// The interface that is blocked.
    public let interface: String
    /// Family, table and chain: `ip filter FORWARD`.
    public let chain: String
    /// What is dropped: `forwarding`, `udp/51820` or `DNS of peers`.
    public let what: String
    /// The exact command that lets it pass.
    public let command: String

    /// A block.
    public init(interface: String, chain: String, what: String, command: String) {
        self.interface = interface
        self.chain = chain
        self.what = what
        self.command = command
    }
}
