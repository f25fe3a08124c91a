import Model

/// Status, reason and origin of a row as one number of a byte.
struct Outcome {
    var status: QueryLogRow.Status
    var reason: QueryLogRow.Reason
    var origin: QueryLogRow.Origin

    // The places are what is stored: new values are added at the end.
    private static let statuses: [QueryLogRow.Status] = [.allowed, .blocked]
    private static let origins: [QueryLogRow.Origin] = [.policy, .local, .cache, .upstream, .failure]
    private static let reasons: [QueryLogRow.Reason] = [
        .noRule, .peerRule, .globalRule, .blocklist, .answer, .paused, .notFiltered, .rebindProtection,
    ]

    init(_ facts: LoggedQuery.Facts) {
        status = facts.status
        reason = facts.reason
        origin = facts.origin
    }

    /// Nil if it stands for nothing.
    init?(code: UInt32) {
        let (status, origin, reason) = (Int(code & 1), Int(code >> 1 & 7), Int(code >> 4))
        guard origin < Self.origins.count, reason < Self.reasons.count else { return nil }
        self.status = Self.statuses[status]
        self.origin = Self.origins[origin]
        self.reason = Self.reasons[reason]
    }

    var code: UInt32 {
        let status: UInt32 = status == .blocked ? 1 : 0
        let origin: UInt32 =
            switch origin {
            case .policy: 0
            case .local: 1
            case .cache: 2
            case .upstream: 3
            case .failure: 4
            }
        let reason: UInt32 =
            switch reason {
            case .noRule: 0
            case .peerRule: 1
            case .globalRule: 2
            case .blocklist: 3
            case .answer: 4
            case .paused: 5
            case .notFiltered: 6
            case .rebindProtection: 7
            }
        return status | origin << 1 | reason << 4
    }
}
