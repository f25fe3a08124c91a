/// A limit that a plan must not cross without consent. Drift repair and revocations pass all of them.
protocol Rail: Sendable {
    /// The stable word people know it by.
    var name: String { get }

    /// What it refuses of these changes; nil when nothing needs consent or all of it was given.
    func refusal(of changes: [Change], _ context: RailContext) -> RailRefusal?
}
