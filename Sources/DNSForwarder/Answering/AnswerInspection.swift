internal import DNSPolicy
internal import Model

/// Looks at what an answer names: the targets of aliases, addresses, and the targets and hints of service bindings.
struct AnswerInspection {
    let policy: Policy
    let pause: FilteringPause

    /// The decision against the answer; nil if nothing in it is blocked.
    func block(_ answer: Answer, to question: PolicyQuestion) -> Decision? {
        for record in answer.answers {
            if let decision = block(record, question) { return decision }
        }
        return nil
    }

    private func block(_ record: ResourceRecord, _ question: PolicyQuestion) -> Decision? {
        switch record.type {
        case .cname, .dname: return record.target.flatMap { inspect($0, record.type, question) }
        case .a, .aaaa: return record.address.flatMap { inspect($0, record.type, question) }
        case .https, .svcb:
            guard let binding = record.serviceBinding else { return nil }
            if !binding.target.isRoot, let decision = inspect(binding.target, record.type, question) { return decision }
            for hint in binding.hints {
                if let decision = inspect(hint, record.type, question) { return decision }
            }
            return nil
        default: return nil
        }
    }

    private func inspect(_ name: DomainName, _ type: RecordType, _ question: PolicyQuestion) -> Decision? {
        policy.inspect(name, type: type, in: question, pause: pause)
    }

    private func inspect(_ address: IPAddress, _ type: RecordType, _ question: PolicyQuestion) -> Decision? {
        policy.inspectsAddresses ? Self.name(address).flatMap { inspect($0, type, question) } : nil
    }

    /// An address as rules name it; an IPv4-mapped one is the IPv4 address.
    private static func name(_ address: IPAddress) -> DomainName? {
        let address = RebindProtection.embedded(address) ?? address
        guard address.family == .ipv4 else { return try? DomainName(text: "\(address)") }
        // Nearly every answer has one: the four labels of its text, without making that.
        let octets = [UInt8](capacity: 17) { output in
            for shift in 0..<4 {
                let value = UInt8(truncatingIfNeeded: address.low >> (24 - 8 * shift))
                output.append(value > 99 ? 3 : value > 9 ? 2 : 1)
                if value > 99 { output.append(UInt8(ascii: "0") + value / 100) }
                if value > 9 { output.append(UInt8(ascii: "0") + value / 10 % 10) }
                output.append(UInt8(ascii: "0") + value % 10)
            }
            output.append(0)
        }
        return DomainName(validated: octets)
    }
}
