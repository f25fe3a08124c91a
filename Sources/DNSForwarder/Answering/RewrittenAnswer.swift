internal import DNSPolicy
internal import Model

/// What a question is answered with that a rule rewrites, but for aliases: these are followed.
struct RewrittenAnswer: Sendable {
    private let ttl: UInt32

    init(_ blocking: DNSSettings.Blocking) { ttl = UInt32(clamping: blocking.ttl.components.seconds) }

    func answer(to question: Question, _ rewriting: Rewriting) -> Answer {
        if let code = rewriting.responseCode { return answer(code, question.name) }
        let fitting = rewriting.addresses.filter { ($0.family == .ipv4 ? RecordType.a : .aaaa) == question.type }
        guard !fitting.isEmpty else { return NegativeAnswer.noData(question.name, ttl: ttl) }
        return Answer(answers: fitting.map { .address(question.name, $0, ttl: ttl) })
    }

    /// The record that says which name is answered for instead.
    func alias(_ name: DomainName, _ target: DomainName) -> ResourceRecord { .cname(name, target, ttl: ttl) }

    private func answer(_ code: RewriteCode, _ name: DomainName) -> Answer {
        switch code {
        case .noError: NegativeAnswer.noData(name, ttl: ttl)
        case .nameError: NegativeAnswer.nameError(name, ttl: ttl)
        case .refused: Answer(.refused)
        case .serverFailure: Answer(.serverFailure)
        case .formatError: Answer(.formatError)
        case .notImplemented: Answer(.notImplemented)
        }
    }
}
