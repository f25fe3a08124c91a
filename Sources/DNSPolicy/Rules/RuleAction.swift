/// What a rule wants done with a question.
public enum RuleAction: Sendable, Hashable {
    /// Answer that the name is blocked.
    case block
    /// Let it through, whatever weaker rules say, and don't inspect the answer.
    case allow
    /// Answer this instead of asking an upstream.
    case rewrite(Rewrite)
    /// Take back rewrites for these names: all, or only the equal one (`@@…$dnsrewrite`).
    case removeRewrites(Rewrite?)
}
