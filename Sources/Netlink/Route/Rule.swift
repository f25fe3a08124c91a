/// A routing policy rule (`RTM_NEWRULE`, man 8 ip-rule, `<linux/fib_rules.h>`).
public struct Rule: Hashable, Sendable {
    /// The family whose lookups it takes part in.
    public var family: NetlinkFamily
    /// Its place in the order; lower comes first (`FRA_PRIORITY`).
    public var priority: UInt32
    /// The table to look into (`FRA_TABLE`).
    public var table: UInt32
    /// `FR_ACT_*`: 1 look into the table, 6 blackhole, 7 unreachable, 8 prohibit.
    public var action: UInt8
    /// The firewall mark to match (`FRA_FWMARK`).
    public var mark: UInt32?
    /// Which bits of the mark count (`FRA_FWMASK`).
    public var markMask: UInt32?
    /// It takes the packets that do not match (`FIB_RULE_INVERT`).
    public var isInverted: Bool
    /// Refuse results whose prefix is this long or shorter (`FRA_SUPPRESS_PREFIXLEN`).
    public var suppressPrefixLength: UInt32?
    /// The source prefix to match (`FRA_SRC`).
    public var source: NetlinkPrefix?
    /// The destination prefix to match (`FRA_DST`).
    public var destination: NetlinkPrefix?
    /// The name of the link the packet came in by (`FRA_IIFNAME`).
    public var inputLink: String?
    /// The name of the link the packet's socket is bound to (`FRA_OIFNAME`).
    public var outputLink: String?
    /// Who made it, `RTPROT_*` (`FRA_PROTOCOL`).
    public var originator: UInt8

    /// A rule with the given values.
    public init(
        family: NetlinkFamily, priority: UInt32, table: UInt32 = 0, action: UInt8 = Rule.lookup, mark: UInt32? = nil,
        markMask: UInt32? = nil, isInverted: Bool = false, suppressPrefixLength: UInt32? = nil,
        source: NetlinkPrefix? = nil, destination: NetlinkPrefix? = nil, inputLink: String? = nil,
        outputLink: String? = nil, originator: UInt8 = Route.staticOriginator
    ) {
        self.family = family
        self.priority = priority
        self.table = table
        self.action = action
        self.mark = mark
        self.markMask = markMask
        self.isInverted = isInverted
        self.suppressPrefixLength = suppressPrefixLength
        self.source = source
        self.destination = destination
        self.inputLink = inputLink
        self.outputLink = outputLink
        self.originator = originator
    }

    /// `FR_ACT_TO_TBL`.
    public static let lookup: UInt8 = 1
}
