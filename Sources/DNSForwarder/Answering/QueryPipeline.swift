public import DNSPolicy
public import Model

/// The way of a query: decide, answer what is ours, look into the cache, ask an upstream, inspect what came.
///
/// Immutable but for the cache: a new revision makes a new pipeline over the same cache. The order has reasons: the
/// policy stands above the cache, so that an answer one peer may see never reaches another; names of the peers come
/// after the rules, so that a rule can replace one; zones with upstreams of their own come before special names, so
/// that a home network may have its `home.arpa`.
public final class QueryPipeline: Sendable {
    /// A step that needs nobody, or what must be asked.
    public enum Step: Sendable {
        /// The query is answered.
        case done(Resolution)
        /// An upstream must be asked; its answer goes to ``QueryPipeline/finish(_:with:now:)``.
        case ask(Inquiry)
    }

    /// The longest chain of aliases that rules make.
    static let longestChain = 8

    private let policy: Policy
    private let pause: FilteringPause
    private let settings: DNSSettings
    private let local: LocalNames
    private let zones: [(name: DomainName, upstreams: [DNSUpstream])]
    private let cache: AnswerCache
    private let blocked: BlockedAnswer
    private let rewritten: RewrittenAnswer

    /// A pipeline for a revision.
    ///
    /// - Parameter cache: kept from one revision to the next.
    public init(policy: Policy, pause: FilteringPause, settings: DNSSettings, local: LocalNames, cache: AnswerCache) {
        self.policy = policy
        self.pause = pause
        self.settings = settings
        self.local = local
        self.cache = cache
        blocked = BlockedAnswer(settings.blocking)
        rewritten = RewrittenAnswer(settings.blocking)
        // The longest zone that a name is in is its own.
        zones = settings.conditional.compactMap { zone in
            (try? DomainName(text: zone.name)).map { ($0, zone.upstreams) }
        }.sorted { $0.name.labelCount > $1.name.labelCount }
    }

    /// Who asks; nil for somebody unknown, who is refused.
    public func client(interface: String, address: IPAddress) -> PolicyClient? {
        policy.client(interface: interface, address: address)
    }

    /// Answers a query as far as that needs nobody else.
    ///
    /// - Parameters:
    ///   - time: civil time, for rules and pauses that end.
    ///   - now: monotonic time, for the age of cached answers.
    public func begin(
        _ query: ClientQuery, from client: PolicyClient, time: Timestamp, now: ContinuousClock.Instant
    ) -> Step {
        var question = query.question
        var aliases: [ResourceRecord] = []
        var first: Decision?
        while true {
            let asked = PolicyQuestion(client: client, name: question.name, type: question.type, time: time)
            let decision = policy.decide(asked, pause: pause)
            let shown = first ?? decision
            switch decision.action {
            case .block:
                let answer = blocked.answer(to: question, rule: decision.rule, isExplained: query.hasEDNS)
                return done(decision, aliases, answer, .policy)
            case .rewrite(let rewriting):
                guard let target = rewriting.canonicalName, question.type != .cname else {
                    return done(shown, aliases, aliasAnswer(question, rewriting), .policy)
                }
                aliases.append(rewritten.alias(question.name, target))
                let isCircle = target == query.question.name || aliases.contains { $0.name == target }
                guard !isCircle, aliases.count <= Self.longestChain else {
                    return done(shown, [], Answer(.serverFailure), .policy)
                }
                first = shown
                question = Question(target, question.type)
            case .allow, .pass:
                if let own = own(question) { return done(shown, aliases, own, .local) }
                // An alias that a rule made was meant: what it leads to is still inspected like any other answer.
                let view = AnswerView(
                    question: question, decision: shown, isInspected: decision.action == .pass,
                    isConditional: zone(of: question) != nil, asked: asked, aliases: aliases)
                let key = AnswerCache.Key(
                    name: question.name, type: question.type, isDNSSECOK: query.isDNSSECOK,
                    isCheckingDisabled: query.isCheckingDisabled)
                if let hit = cache.answer(for: key, now: now) {
                    var resolution = inspected(hit.answer, view, age: hit.age, .cache)
                    resolution.expiry = hit.expiry
                    if hit.isToBeRenewed { resolution.renewal = inquiry(view, query) }
                    if resolution.origin == .cache, !resolution.isWithheld { resolution.received = hit.received }
                    return .done(resolution)
                }
                return .ask(inquiry(view, query))
            }
        }
    }

    /// Answers a query with what an upstream said.
    ///
    /// - Parameter message: nil if no upstream answered in time. Its question has been compared with what was asked.
    public func finish(_ inquiry: Inquiry, with message: Message?, now: ContinuousClock.Instant) -> Resolution {
        guard let message,
            let sifted = AnswerSieve.sift(message, inquiry.question, isDNSSECOK: inquiry.isDNSSECOK),
            sifted.isSuccess || !hasStaleAnswer(to: inquiry, now: now)
        else {
            if let stale = cache.staleAnswer(for: inquiry.cacheKey, now: now) {
                return inspected(stale.answer, inquiry.view, age: stale.age, .cache)
            }
            let error = ExtendedError(message == nil ? .noReachableAuthority : .other)
            return Resolution(
                decision: inquiry.view.decision, answer: Answer(.serverFailure, error: error), age: 0, origin: .failure)
        }
        let answer = cache.store(sifted, for: inquiry.cacheKey, now: now)
        return inspected(answer, inquiry.view, age: 0, .upstream)
    }

    /// Keeps what an upstream said to an inquiry that nobody waits for. A failure changes nothing.
    func renew(_ inquiry: Inquiry, with message: Message?, now: ContinuousClock.Instant) {
        guard let message,
            let sifted = AnswerSieve.sift(message, inquiry.question, isDNSSECOK: inquiry.isDNSSECOK), sifted.isSuccess
        else { return }
        cache.store(sifted, for: inquiry.cacheKey, now: now)
    }

    /// Whether there is something else to answer when no upstream answers.
    func hasStaleAnswer(to inquiry: Inquiry, now: ContinuousClock.Instant) -> Bool {
        cache.hasStaleAnswer(for: inquiry.cacheKey, now: now)
    }

    /// The first civil time after `time` at which a rule or a pause ends, and other decisions may come.
    func nextEnd(after time: Timestamp) -> Timestamp {
        let ends = [policy.nextEnd(after: time), pause.nextEnd(after: time)].compactMap { $0 }
        return ends.min() ?? Timestamp(seconds: .max)
    }

    private func zone(of question: Question) -> (name: DomainName, upstreams: [DNSUpstream])? {
        zones.first { question.name.isSubdomain(of: $0.name) }
    }

    private func inquiry(_ view: AnswerView, _ query: ClientQuery) -> Inquiry {
        Inquiry(
            isDNSSECOK: query.isDNSSECOK, isCheckingDisabled: query.isCheckingDisabled,
            upstreams: zone(of: view.question)?.upstreams ?? settings.upstreams, view: view)
    }

    private func aliasAnswer(_ question: Question, _ rewriting: Rewriting) -> Answer {
        guard let target = rewriting.canonicalName else { return rewritten.answer(to: question, rewriting) }
        return Answer(answers: [rewritten.alias(question.name, target)])
    }

    private func own(_ question: Question) -> Answer? {
        if let answer = local.answer(to: question) { return answer }
        if zone(of: question) != nil { return nil }
        return SpecialNames.answer(to: question)
    }

    /// An upstream's answer, fresh or cached, as this client may see it.
    private func inspected(_ answer: Answer, _ view: AnswerView, age: UInt32, _ origin: Resolution.Origin) -> Resolution
    {
        if view.isInspected {
            let inspection = AnswerInspection(policy: policy, pause: pause)
            if let decision = inspection.block(answer, to: view.asked) {
                let blocked = blocked.answer(to: view.question, rule: decision.rule, isExplained: true)
                return Resolution(
                    decision: decision, answer: prefixed(view.aliases, blocked), age: 0, origin: .policy)
            }
        }
        if settings.rebindProtection, !view.isConditional, RebindProtection.isHit(answer) {
            var empty = NegativeAnswer.noData(view.question.name, ttl: 10)
            empty.error = ExtendedError(.blocked, "rebind protection: a private address for a public name")
            return Resolution(
                decision: view.decision, answer: prefixed(view.aliases, empty), age: 0, origin: origin,
                isWithheld: true)
        }
        return Resolution(
            decision: view.decision, answer: prefixed(view.aliases, answer), age: age, origin: origin)
    }

    private func done(
        _ decision: Decision, _ aliases: [ResourceRecord], _ answer: Answer, _ origin: Resolution.Origin
    ) -> Step {
        .done(Resolution(decision: decision, answer: prefixed(aliases, answer), age: 0, origin: origin))
    }

    /// An answer behind aliases of our own is no longer what somebody signed.
    private func prefixed(_ aliases: [ResourceRecord], _ answer: Answer) -> Answer {
        guard !aliases.isEmpty else { return answer }
        var answer = answer.edited()
        answer.answers = aliases + answer.answers
        return answer
    }
}
