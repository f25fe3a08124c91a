internal import DNSPolicy

/// What of an upstream's answer belongs to the question. Nothing else is believed, kept or passed on: whoever can put a
/// record of his own into an answer must not get it into the cache.
enum AnswerSieve {
    /// The longest chain of aliases.
    static let longestChain = 16

    /// The answer without what was not asked for; nil if its aliases go in a circle or are too many.
    ///
    /// - Parameter message: an answer whose question has been compared with what was asked.
    static func sift(_ message: Message, _ question: Question, isDNSSECOK: Bool) -> Answer? {
        var answer = Answer(message.responseCode, isAuthentic: message.flags.contains(.authenticData))
        // The first says the most; all of them could be long.
        answer.upstreamError = message.edns?.extendedErrors.first?.passedOn
        var name = question.name
        var seen: Set<DomainName> = [name]
        for _ in 0...longestChain {
            let own = message.answers.filter { record in
                guard record.recordClass == .internet else { return false }
                return record.name == name || record.type == .dname && name.isSubdomain(of: record.name)
            }
            let kept = own.filter { record in
                switch record.type {
                case question.type, .cname: true
                case .dname: record.name != name
                // A signature comes with what it signs, to those who asked for it.
                case .rrsig: isDNSSECOK
                default: question.type == .any
                }
            }
            answer.answers += kept
            let alias = kept.first { $0.type == .cname && $0.name == name }
            guard question.type != .cname, let target = alias?.target else {
                answer.authority = authority(message, isDNSSECOK: isDNSSECOK)
                return answer
            }
            guard seen.insert(target).inserted else { return nil }
            name = target
        }
        return nil
    }

    /// Of the authority section only what makes an answer negative, and its proof for those who asked for it.
    private static func authority(_ message: Message, isDNSSECOK: Bool) -> [ResourceRecord] {
        message.authority.filter { record in
            switch record.type {
            case .soa: true
            case .nsec, .nsec3, .rrsig: isDNSSECOK
            default: false
            }
        }
    }
}
