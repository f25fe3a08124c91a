/// A rule that speaks to a question.
public struct RuleMatch: Sendable, Hashable {
    /// What it wants done.
    public let action: RuleAction
    /// Whether it has `$important`.
    public let isImportant: Bool
    /// The layer it stands in.
    public let layer: PolicyLayer
    /// Where it stands.
    public let source: RuleSource
    /// The rule as it was written, or as it would be for an entry of a list.
    public let text: String

    /// The place inside the layer: the lower is the stronger.
    var rank: Int {
        switch action {
        case .rewrite: isImportant ? 0 : 1
        case .allow: isImportant ? 2 : 4
        case .block: isImportant ? 3 : 5
        case .removeRewrites: 6
        }
    }
}
