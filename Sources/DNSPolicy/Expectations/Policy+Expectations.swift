public import Model

/// An expectation that a policy does not meet.
public struct ExpectationFailure: Sendable, Equatable {
    /// What was expected.
    public let expectation: Expectation
    /// For whom it is not met, as `interface/name`; nil if no peer has the name, or several do.
    public let client: String?
    /// What is decided instead, or why nothing could be: lower case, no full stop.
    public let found: String
}

extension Policy {
    /// The expectations of a table that are not met, in its order.
    ///
    /// - Parameter time: when the questions are asked.
    public func failures(of table: ExpectationTable, time: Timestamp) -> [ExpectationFailure] {
        table.expectations.flatMap { failures(of: $0, time: time) }
    }

    private func failures(of expectation: Expectation, time: Timestamp) -> [ExpectationFailure] {
        func failure(_ client: String?, _ found: String) -> ExpectationFailure {
            ExpectationFailure(expectation: expectation, client: client, found: found)
        }
        let asking: [PolicyClient]
        if let name = expectation.client {
            asking = clients(named: name)
            if asking.isEmpty { return [failure(nil, "no peer is named \(name)")] }
            if asking.count > 1 {
                let all = asking.map { "\($0.interface)/\($0.peer)" }.joined(separator: " and ")
                return [failure(nil, "\(name) is \(all): name one of them")]
            }
        } else {
            asking = everybody
            if asking.isEmpty { return [failure(nil, "there are no peers")] }
        }
        return asking.compactMap { client in
            let question = PolicyQuestion(client: client, name: expectation.name, type: expectation.type, time: time)
            let decision = decide(question, pause: FilteringPause())
            if decision.meets(expectation) { return nil }
            return failure("\(client.interface)/\(client.peer)", "\(decision)")
        }
    }
}

extension Decision {
    fileprivate func meets(_ expectation: Expectation) -> Bool {
        let isMet =
            switch (action, expectation.outcome) {
            case (.pass, .allow), (.allow, .allow), (.block, .block): true
            case (.rewrite(let rewriting), .rewrite(let value)):
                rewriting.values.contains { $0.description.lowercased() == value.lowercased() }
            default: false
            }
        guard isMet, let source = expectation.source else { return isMet }
        return rule.map { $0.source.origin == source || $0.source.description == source } ?? false
    }
}
