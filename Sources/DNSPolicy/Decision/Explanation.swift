/// A decision with all that was overridden by it.
public struct Explanation: Sendable, Hashable {
    /// The decision: the same value that enforcement uses.
    public let decision: Decision
    /// The other rules that speak to the question, the stronger first; rules taken back by `$badfilter` are not among
    /// them.
    public let overridden: [RuleMatch]
}
