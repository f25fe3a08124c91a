import DNSPolicy
import Model

@testable import DNSForwarder

/// Random messages that are sound, from a seed.
struct RandomMessage {
    var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(state: seed) }

    mutating func next() -> Message {
        var message = Message(
            id: number(), flags: Header.Flags(rawValue: number()).intersection(.all),
            opcode: Opcode(rawValue: UInt8.random(in: 0...15, using: &generator)))
        if Bool.random(using: &generator) {
            message.edns = EDNS(
                payloadSize: number(), version: UInt8.random(in: 0...1, using: &generator),
                isDNSSECOK: .random(using: &generator),
                options: (0..<count(3)).map { _ in .init(code: number(), data: octets(count(20))) })
            message.responseCode = ResponseCode(rawValue: number())
        } else {
            message.responseCode = ResponseCode(rawValue: number() & 0xF)
        }
        for _ in 0..<count(2) { message.questions.append(question()) }
        for _ in 0..<count(6) { message.answers.append(record()) }
        for _ in 0..<count(3) { message.authority.append(record()) }
        for _ in 0..<count(3) { message.additional.append(record()) }
        return message
    }

    private mutating func question() -> Question {
        let spelling = name().octets.map { octet in
            (0x61...0x7A).contains(octet) && Bool.random(using: &generator) ? octet ^ 0x20 : octet
        }
        return Question(validated: spelling, RecordType(rawValue: number()), .internet)
    }

    /// Labels from a small alphabet, so that names share their ends.
    private mutating func name() -> DomainName {
        let labels = (0..<count(5)).map { _ in
            Bool.random(using: &generator) ? [UInt8.random(in: 0x61...0x63, using: &generator)] : octets(1 + count(4))
        }
        return DomainName(labels: labels) ?? .root
    }

    private mutating func record() -> ResourceRecord {
        let ttl = UInt32.random(in: 0...UInt32(Int32.max), using: &generator)
        let owner = name()
        switch count(9) {
        case 0: return .address(owner, IPAddress(v4: UInt32.random(in: 0 ... .max, using: &generator)), ttl: ttl)
        case 1: return .address(owner, IPAddress(v6: generator.next(), generator.next()), ttl: ttl)
        case 2: return .cname(owner, name(), ttl: ttl)
        case 3: return .ptr(owner, name(), ttl: ttl)
        case 4: return ResourceRecord(name: owner, type: .ns, ttl: ttl, data: name().octets)
        case 5: return ResourceRecord(name: owner, type: .mx, ttl: ttl, data: [0, 10] + name().octets)
        case 6:
            let authority = StartOfAuthority(
                primary: name(), mailbox: name(), serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5)
            return .soa(owner, authority, ttl: ttl)
        case 7: return .txt(owner, ["text"], ttl: ttl)
        case 8:
            let binding = ServiceBinding(
                priority: 1, target: name(), parameters: [.init(key: .ipv4Hint, value: octets(4))])
            return ResourceRecord(name: owner, type: .https, ttl: ttl, data: binding.data)
        default:
            return ResourceRecord(
                name: owner, type: RecordType(rawValue: 65280), recordClass: RecordClass(rawValue: number()), ttl: ttl,
                data: octets(count(30)))
        }
    }

    private mutating func count(_ most: Int) -> Int { Int.random(in: 0...most, using: &generator) }

    private mutating func number() -> UInt16 { UInt16.random(in: 0 ... .max, using: &generator) }

    private mutating func octets(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
}
