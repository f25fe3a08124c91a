/// The layers of a policy, the stronger first. Inside a layer the order is: rewrite, important allow, important block,
/// allow, block. Which name is the more specific does not matter, nor does the order of lines.
public enum PolicyLayer: Int, Sendable, Hashable, Comparable, CaseIterable {
    /// Rules that name this peer, or addresses that it asks from.
    case peerRules
    /// Rules for everybody; behind them those that are built in for peers whose DNS is enforced.
    case globalRules
    /// The blocklists selected for this peer.
    case blocklists

    /// Orders the stronger layer first.
    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
