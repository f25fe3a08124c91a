public import Model

/// What is done with a question, and why. Enforcement, query log, statistics and `explain` all use this value and never
/// work it out again.
public struct Decision: Sendable, Hashable {
    /// What is done.
    public enum Action: Sendable, Hashable {
        /// Ask an upstream and inspect the answer.
        case pass
        /// Ask an upstream and don't inspect the answer.
        case allow
        /// Answer that the name is blocked.
        case block
        /// Answer this.
        case rewrite(Rewriting)
    }

    /// Why it is done.
    public enum Reason: Sendable, Hashable {
        /// No rule speaks to it.
        case noRule
        /// A rule of this layer.
        case rule(PolicyLayer)
        /// Filtering is paused until this instant, for everybody or for this peer.
        case paused(until: Timestamp)
        /// The peer is not filtered, or blocking is off in the settings.
        case notFiltered
        /// A name or address in the answer is blocked by a rule of this layer.
        case answer(DomainName, PolicyLayer)
    }

    /// What is done.
    public let action: Action
    /// Why.
    public let reason: Reason
    /// The deciding rule; nil where none decided.
    public let rule: RuleMatch?

    init(_ action: Action, _ reason: Reason, rule: RuleMatch? = nil) {
        self.action = action
        self.reason = reason
        self.rule = rule
    }
}
