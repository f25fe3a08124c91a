internal import DNSPolicy
internal import Model

extension Resolution {
    /// Whether the client didn't get what it asked for.
    var isBlocked: Bool { isWithheld || decision.action == .block }
}

extension LoggedQuery {
    /// A query that is answered now and was taken at `start`.
    init(_ facts: Facts, time: Timestamp, since start: ContinuousClock.Instant) {
        let elapsed = start.duration(to: .now).components
        let microseconds = elapsed.seconds * 1_000_000 + elapsed.attoseconds / 1_000_000_000_000
        self.init(facts, time: time, microseconds: UInt32(clamping: microseconds))
    }
}

extension QueryLogRow {
    /// The row of an answered query, without its duration: what was decided and done, in other words.
    init(_ asked: AskedQuery, _ resolution: Resolution, _ upstream: DNSUpstream?) {
        let question = asked.query.question
        self.init(
            time: asked.time, client: asked.asker.name, address: asked.client.address, domain: "\(question.name)",
            type: question.type.rawValue, status: resolution.isBlocked ? .blocked : .allowed,
            reason: resolution.isWithheld ? .rebindProtection : Reason(resolution.decision.reason),
            origin: Origin(resolution.origin), responseCode: resolution.answer.responseCode.rawValue,
            microseconds: 0)
        if !resolution.isWithheld, let match = resolution.decision.rule {
            rule = match.text
            source = "\(match.source)"
            if match.layer == .blocklists { list = match.source.origin }
        }
        self.upstream = upstream.map { "\($0)" }
    }
}

extension QueryLogRow.Reason {
    fileprivate init(_ reason: Decision.Reason) {
        self =
            switch reason {
            case .noRule: .noRule
            case .rule(.peerRules): .peerRule
            case .rule(.globalRules): .globalRule
            case .rule(.blocklists): .blocklist
            case .paused: .paused
            case .notFiltered: .notFiltered
            case .answer: .answer
            }
    }
}

extension QueryLogRow.Origin {
    fileprivate init(_ origin: Resolution.Origin) {
        self =
            switch origin {
            case .policy: .policy
            case .local: .local
            case .cache: .cache
            case .upstream: .upstream
            case .failure: .failure
            }
    }
}
