internal import DNSPolicy
internal import Model

/// Looks at what an answer names: the targets of aliases, addresses, and the targets and hints of service bindings.
struct AnswerInspection {
    let policy: Policy
    let pause: FilteringPause

    /// The decision against the answer; nil if nothing in it is blocked.
    func block(_ answer: Answer, to question: PolicyQuestion) -> Decision? {
        for record in answer.answers {
            for name in names(record) {
                if let decision = policy.inspect(name, type: record.type, in: question, pause: pause) {
                    return decision
                }
            }
        }
        return nil
    }

    private func names(_ record: ResourceRecord) -> [DomainName] {
        switch record.type {
        case .cname, .dname: return record.target.map { [$0] } ?? []
        case .a, .aaaa: return record.address.flatMap(name).map { [$0] } ?? []
        case .https, .svcb:
            guard let binding = record.serviceBinding else { return [] }
            let target = binding.target.isRoot ? [] : [binding.target]
            return target + binding.hints.compactMap(name)
        default: return []
        }
    }

    /// An address as rules name it; an IPv4-mapped one is the IPv4 address.
    private func name(_ address: IPAddress) -> DomainName? {
        try? DomainName(text: "\(RebindProtection.embedded(address) ?? address)")
    }
}
