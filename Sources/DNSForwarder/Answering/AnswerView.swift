internal import DNSPolicy

/// How an answer of an upstream, fresh or cached, is seen by who asked for it.
struct AnswerView: Sendable {
    /// The question as upstreams are asked it.
    let question: Question
    /// The decision about the query, which the log shows.
    let decision: Decision
    /// Whether the answer is inspected: no rule allowed the name that is asked for.
    let isInspected: Bool
    /// Whether the upstreams are for a zone of their own, whose private addresses are meant.
    let isConditional: Bool
    let asked: PolicyQuestion
    /// The aliases that rules put before the answer.
    let aliases: [ResourceRecord]
}
