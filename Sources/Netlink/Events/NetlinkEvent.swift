/// Something in the network namespace changed.
public struct NetlinkEvent: Hashable, Sendable {
    /// What it is about.
    public var object: Object
    /// Whether the object is gone; else it is new or different.
    public var isDeletion: Bool
    /// The port id of the socket that caused it (`nlmsg_pid`); 0 for the kernel itself, and for links whoever it was.
    public var originator: UInt32

    /// What an event is about.
    public enum Object: Hashable, Sendable {
        /// A link.
        case link(Link)
        /// An address.
        case address(Address)
        /// A route.
        case route(Route)
        /// A rule.
        case rule(Rule)
        /// A link's forwarding settings.
        case netconf(Netconf)
        /// An nftables transaction.
        case ruleset(RulesetGeneration)
        /// A connection that was tracked; there is no event but that of its end.
        case connection(Connection)
        /// Events were lost (`ENOBUFS`): read everything again.
        case overrun
        /// An event that could not be understood: read everything again.
        case unreadable
    }

    /// An event with the given values.
    public init(_ object: Object, isDeletion: Bool = false, originator: UInt32 = 0) {
        self.object = object
        self.isDeletion = isDeletion
        self.originator = originator
    }

    /// The index of the link concerned; nil when there is none or it isn't known.
    public var linkIndex: Int32? {
        switch object {
        case .link(let link): link.index
        case .address(let address): address.linkIndex
        case .route(let route): route.linkIndex
        case .netconf(let netconf): netconf.linkIndex
        case .rule, .ruleset, .connection, .overrun, .unreadable: nil
        }
    }
}
