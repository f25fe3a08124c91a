import DNSPolicy
import Model

@testable import DNSForwarder

extension RogueUpstream.Query {
    /// The right answer, an address, with something changed.
    func answer(_ address: UInt32 = 0xC000_0201, _ change: (inout Message) -> Void = { _ in }) -> [UInt8] {
        var answer = Message(
            id: message.id, flags: [.response, .recursionDesired, .recursionAvailable],
            questions: message.questions,
            answers: message.questions.map { .address($0.name, IPAddress(v4: address), ttl: 300) },
            edns: message.edns.map { EDNS(isDNSSECOK: $0.isDNSSECOK) })
        change(&answer)
        return answer.encoded()
    }

    /// The answer without any record, and TC set.
    var truncated: [UInt8] {
        answer { answer in
            answer.answers = []
            answer.flags.insert(.truncated)
        }
    }

    /// The wire form of the question's name.
    var spelling: [UInt8] { message.questions.first?.spelling ?? [] }
}

extension UpstreamReply {
    /// The first address of the answer.
    var address: IPAddress? { message.answers.first?.address }
}

extension IPAddress {
    /// The address of ``RogueUpstream/Query/answer(_:_:)``.
    static let answered = IPAddress(v4: 0xC000_0201)
}
