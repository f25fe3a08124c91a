import DNSPolicy
import Fuzzing

/// What libFuzzer calls with each input: a message as it may come from a client or an upstream.
///
/// Nothing traps. A message that is read is written so that it is read again as the same, and no longer than it may be; what
/// is answered to a query that can't be read is a message. So it is with names, options and services.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let input = unsafe input(data, size)
    checkQuery(input)
    guard let message = try? Message(decoding: input) else { return 0 }
    let written = message.encoded()
    guard let again = try? Message(decoding: written) else { broken("a message that can't be read again", input) }
    if again != message, !again.flags.contains(.truncated) { broken("another message after writing", input) }
    let options = message.edns.map { $0.options.reduce(11) { $0 + 4 + $1.data.count } } ?? 0
    for limit in [512, 1232] where options <= 256 {
        let short = message.encoded(limit: limit)
        // Questions are written in any case.
        if short.count > limit, message.questions.count <= 1 {
            broken("\(short.count) octets, \(limit) allowed", input)
        }
        guard let part = try? Message(decoding: short) else { broken("a short message that can't be read", input) }
        if part != message, !part.flags.contains(.truncated) { broken("less, and not truncated", input) }
    }
    for question in message.questions {
        guard Question(spelling: question.spelling, question.type, question.recordClass) == question else {
            broken("another question from its spelling", input)
        }
        check(question.name, input)
    }
    for record in message.answers + message.authority + message.additional { check(record, input) }
    for error in message.edns?.extendedErrors ?? [] {
        guard EDNS(options: [EDNS.Option(error)]).extendedErrors == [error] else {
            broken("another extended error: \(error)", input)
        }
    }
    return 0
}

private func checkQuery(_ input: [UInt8]) {
    switch IncomingQuery(input) {
    case .ignore: break
    case .reject(let rejection):
        if (try? Message(decoding: rejection.encoded())) == nil { broken("a rejection that is no message", input) }
    case .minimalAny(let query), .query(let query):
        let answer = Answer(.serverFailure).encoded(for: query, limit: 512)
        if answer.count > 512 || (try? Message(decoding: answer)) == nil {
            broken("an answer that is no message", input)
        }
        // The quick way to read a query and the thorough one agree about its question.
        if let message = try? Message(decoding: input), message.questions.first?.name != query.question.name {
            broken("two readings of a question", input)
        }
    }
}

private func check(_ record: ResourceRecord, _ input: [UInt8]) {
    check(record.name, input)
    if let target = record.target { check(target, input) }
    _ = record.address
    _ = record.startOfAuthority
    guard let service = record.serviceBinding else { return }
    check(service.target, input)
    guard ServiceBinding(data: service.data) == service else { broken("another service after writing", input) }
    let fewer = service.removing([.ipv4Hint, .ipv6Hint])
    guard ServiceBinding(data: fewer.data) == fewer, fewer.hints.isEmpty else {
        broken("a service without hints that can't be read", input)
    }
}

private func check(_ name: DomainName, _ input: [UInt8]) {
    let written = name.description
    if (try? DomainName(text: written)) != name { broken("another name from its text: \(written)", input) }
    if !written.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { broken("a name that can't be shown", input) }
}
