internal import DNSPolicy
public import Model

/// What upstreams are asked, whom, and how long that may take. Equal requests at one time are asked once.
public struct UpstreamRequest: Hashable, Sendable {
    /// The question, its letters in lower case: what a client made of them splits no equal requests.
    public let question: Question
    /// DO: whether signatures are part of the answer.
    public let isDNSSECOK: Bool
    /// CD: whether the upstream shall not validate.
    public let isCheckingDisabled: Bool
    /// Whom to ask, in this order.
    public let upstreams: [DNSUpstream]
    /// How to choose among them.
    public let strategy: DNSSettings.Strategy
    /// The time for all attempts together.
    public let timeout: Duration

    /// A request of these parts.
    public init(
        _ question: Question, isDNSSECOK: Bool = false, isCheckingDisabled: Bool = false, upstreams: [DNSUpstream],
        strategy: DNSSettings.Strategy = .fallback, timeout: Duration = .seconds(2)
    ) {
        self.question = Question(question.name, question.type, question.recordClass)
        self.isDNSSECOK = isDNSSECOK
        self.isCheckingDisabled = isCheckingDisabled
        self.upstreams = upstreams
        self.strategy = strategy
        self.timeout = timeout
    }

    /// The request that an inquiry needs, with the strategy and the time of these settings.
    public init(_ inquiry: Inquiry, _ settings: DNSSettings) {
        self.init(
            inquiry.question, isDNSSECOK: inquiry.isDNSSECOK, isCheckingDisabled: inquiry.isCheckingDisabled,
            upstreams: inquiry.upstreams, strategy: settings.strategy, timeout: settings.timeout)
    }
}
