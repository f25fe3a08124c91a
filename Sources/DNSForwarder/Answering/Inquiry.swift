internal import DNSPolicy
public import Model

/// What an upstream must be asked before a query can be answered.
public struct Inquiry: Sendable {
    /// DO of the query: whether signatures are part of the answer.
    public let isDNSSECOK: Bool
    /// CD of the query: whether the upstream shall not validate.
    public let isCheckingDisabled: Bool
    /// Whom to ask, in this order: the upstreams of the zone the name is in, else those for every name.
    public let upstreams: [DNSUpstream]
    /// Who asks, and how the answer is looked at.
    let view: AnswerView

    /// The question for the upstream.
    public var question: Question { view.question }

    /// The decision about the query, which the log shows.
    var decision: Decision { view.decision }

    var cacheKey: AnswerCache.Key {
        AnswerCache.Key(
            name: question.name, type: question.type, isDNSSECOK: isDNSSECOK, isCheckingDisabled: isCheckingDisabled)
    }
}
