import DNSPolicy
import Glibc

/// What libFuzzer calls with each input: a message as it may come from a client or an upstream.
///
/// Nothing traps. A message that is read is written so that it is read again as the same; what is answered to a query
/// that can't be read is a message.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    switch IncomingQuery(input) {
    case .ignore: break
    case .reject(let rejection):
        if (try? Message(decoding: rejection.encoded())) == nil { report("a rejection that is no message", input) }
    case .minimalAny(let query), .query(let query):
        if (try? Message(decoding: Answer(.serverFailure).encoded(for: query, limit: 512))) == nil {
            report("an answer that is no message", input)
        }
        // The quick way to read a query and the thorough one agree about its question.
        if let message = try? Message(decoding: input), message.questions.first?.name != query.question.name {
            report("two readings of a question", input)
        }
    }
    guard let message = try? Message(decoding: input) else { return 0 }
    let written = message.encoded()
    guard let again = try? Message(decoding: written) else { report("a message that can't be read again", input) }
    if again != message, !again.flags.contains(.truncated) { report("another message after writing", input) }
    for record in message.answers {
        _ = record.serviceBinding
        _ = record.address
        _ = record.target
    }
    return 0
}

private func report(_ reason: String, _ message: [UInt8]) -> Never {
    print("\(reason)\n\(message.map { String($0, radix: 16) }.joined(separator: " "))")
    fflush(nil)
    abort()
}
