internal import DNSPolicy
internal import Model

/// What a blocked question is answered with, whatever its type.
struct BlockedAnswer: Sendable {
    private let code: ResponseCode
    private let ttl: UInt32
    /// The data of the address records, by type; none in the other modes.
    private var v4: [[UInt8]] = []
    private var v6: [[UInt8]] = []

    init(_ blocking: DNSSettings.Blocking) {
        ttl = UInt32(clamping: blocking.ttl.components.seconds)
        var addresses: [IPAddress] = []
        switch blocking.mode {
        case .nxdomain: code = .nameError
        case .refused: code = .refused
        case .nodata: code = .noError
        case .nullIP: (code, addresses) = (.noError, [IPAddress(v4: 0), IPAddress(v6: 0, 0)])
        case .addresses(let own): (code, addresses) = (.noError, own)
        }
        for address in addresses {
            if address.family == .ipv4 { v4.append(address.bytes) } else { v6.append(address.bytes) }
        }
    }

    /// The answer, with the deciding rule for clients that understand extended errors (RFC 8914, code 15).
    ///
    /// - Parameter isExplained: whether the client understands them: the text costs more than all the rest.
    func answer(to question: Question, rule: RuleMatch?, isExplained: Bool) -> Answer {
        var answer = answer(to: question)
        if isExplained {
            answer.error = ExtendedError(.blocked, rule.map { "\($0.source): \($0.text)" } ?? "")
        }
        return answer
    }

    private func answer(to question: Question) -> Answer {
        let fitting: [[UInt8]] =
            switch question.type {
            case .a: v4
            case .aaaa: v6
            default: []
            }
        guard fitting.isEmpty else {
            return Answer(
                answers: fitting.map { ResourceRecord(name: question.name, type: question.type, ttl: ttl, data: $0) })
        }
        switch code {
        case .nameError: return NegativeAnswer.nameError(question.name, ttl: ttl)
        case .refused: return Answer(.refused)
        default: return NegativeAnswer.noData(question.name, ttl: ttl)
        }
    }
}
