internal import DNSPolicy
public import Model

/// What an upstream must be asked before a query can be answered.
public struct Inquiry: Sendable {
    /// The question for the upstream.
    public let question: Question
    /// DO of the query: whether signatures are part of the answer.
    public let isDNSSECOK: Bool
    /// CD of the query: whether the upstream shall not validate.
    public let isCheckingDisabled: Bool
    /// Whom to ask, in this order: the upstreams of the zone the name is in, else those for every name.
    public let upstreams: [DNSUpstream]
    /// Whether these are for a zone of their own, whose private addresses are meant.
    let isConditional: Bool

    /// The decision about the query, which the log shows.
    let decision: Decision
    /// Whether the answer is inspected: no rule allowed the name that is asked for.
    let isInspected: Bool
    let asked: PolicyQuestion
    /// The aliases that rules put before the answer.
    let aliases: [ResourceRecord]

    var cacheKey: AnswerCache.Key {
        AnswerCache.Key(
            name: question.name, type: question.type, isDNSSECOK: isDNSSECOK, isCheckingDisabled: isCheckingDisabled)
    }
}
