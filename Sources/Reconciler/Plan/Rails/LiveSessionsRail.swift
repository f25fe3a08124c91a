import Model

/// More live sessions would end, or need a new configuration, than the limit allows. What the host changed and what is
/// revoked is not counted.
struct LiveSessionsRail: Rail {
    let name = "live-sessions"

    func refusal(of changes: [Change], _ context: RailContext) -> RailRefusal? {
        let ending = context.unapproved(changes) {
            $0.impact >= .sessionLoss && $0.liveSessions > 0 && !$0.isRevocation && $0.reason != .drift
        }
        let sessions = PlanSummary(ending.lazy.map { changes[$0] }).liveSessions
        let limit = context.input.limits.maxLiveSessions
        guard sessions > limit else { return nil }
        return context.refusal(
            self, of: ending, in: changes,
            "\(Counting.counted(sessions, "live session")) would end or need a new configuration; the limit is \(limit)"
        )
    }
}
