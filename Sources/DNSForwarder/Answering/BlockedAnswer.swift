internal import DNSPolicy
internal import Model

/// What a blocked question is answered with, whatever its type.
struct BlockedAnswer: Sendable {
    private let mode: DNSSettings.Blocking.Mode
    private let ttl: UInt32

    init(_ blocking: DNSSettings.Blocking) {
        mode = blocking.mode
        ttl = UInt32(clamping: blocking.ttl.components.seconds)
    }

    /// The answer, with the deciding rule for clients that understand extended errors (RFC 8914, code 15).
    func answer(to question: Question, rule: RuleMatch?) -> Answer {
        var answer =
            switch mode {
            case .nxdomain: NegativeAnswer.nameError(question.name, ttl: ttl)
            case .nodata: NegativeAnswer.noData(question.name, ttl: ttl)
            case .refused: Answer(.refused)
            case .nullIP: addresses([IPAddress(v4: 0), IPAddress(v6: 0, 0)], question)
            case .addresses(let own): addresses(own, question)
            }
        answer.error = ExtendedError(.blocked, rule.map { "\($0.source): \($0.text)" } ?? "")
        return answer
    }

    private func addresses(_ addresses: [IPAddress], _ question: Question) -> Answer {
        let fitting = addresses.filter { ($0.family == .ipv4 ? RecordType.a : .aaaa) == question.type }
        guard !fitting.isEmpty else { return NegativeAnswer.noData(question.name, ttl: ttl) }
        return Answer(answers: fitting.map { .address(question.name, $0, ttl: ttl) })
    }
}
