extension AccessJudge {
    /// The expectations of a table that are not met, in its order.
    ///
    /// - Parameter now: when the connections are opened.
    public func failures(of table: AccessExpectationTable, at now: Timestamp) -> [AccessExpectationFailure] {
        table.expectations.flatMap { failures(of: $0, at: now) }
    }

    private func failures(of expectation: AccessExpectation, at now: Timestamp) -> [AccessExpectationFailure] {
        do {
            guard let source = expectation.source else { return try failuresOfEverybody(expectation, at: now) }
            let answers = try answers(to: expectation.question, at: now)
            return failures(of: expectation, answers, from: source)
        } catch {
            return [
                AccessExpectationFailure(
                    expectation: expectation, source: expectation.source ?? "*", destination: nil, found: error.reason)
            ]
        }
    }

    /// Every peer opens the connection that can: the destination itself can't, nor who has no address of its family.
    private func failuresOfEverybody(
        _ expectation: AccessExpectation, at now: Timestamp
    ) throws(AccessQuestion.Fault) -> [AccessExpectationFailure] {
        var itself: Int?
        var families = Set(AddressFamily.allCases)
        switch expectation.question.destination {
        case .peer(let reference):
            let number = try peer(reference)
            itself = number
            families = Set(catalog.peers[number].ip.map(\.family))
        case .address(let address):
            itself = owners.owner(of: address)
            families = [address.family]
        case .gateway: break
        }
        let opening = catalog.peers.indices.filter { number in
            number != itself && source(of: number).addresses.contains { families.contains($0.family) }
        }
        if opening.isEmpty { throw AccessQuestion.Fault(reason: "there is no peer that could open it") }
        var failures: [AccessExpectationFailure] = []
        for number in opening {
            let answers = try answers(from: source(of: number), to: expectation.question, at: now)
            failures += self.failures(of: expectation, answers, from: name(of: number))
        }
        return failures
    }

    private func failures(
        of expectation: AccessExpectation, _ answers: [AccessAnswer], from source: String
    ) -> [AccessExpectationFailure] {
        answers.filter { !$0.decision.meets(expectation) }.map { answer in
            AccessExpectationFailure(
                expectation: expectation, source: source,
                destination: answers.count > 1 ? answer.destinations.joined(separator: ", ") : nil,
                found: "\(answer.decision)")
        }
    }
}

extension AccessDecision {
    fileprivate func meets(_ expectation: AccessExpectation) -> Bool {
        guard action == expectation.action, let document = expectation.document else {
            return action == expectation.action
        }
        guard let statement else { return false }
        let file = statement.location.path
        return [statement.document, file, "\(file):\(statement.location.line)"].contains(document)
    }
}

extension AccessDecision: CustomStringConvertible {
    /// `deny: Access staff denies it (access/staff.yaml:12)`.
    public var description: String {
        let place = statement.map { " (\($0.location.path):\($0.location.line))" } ?? ""
        let way = forwarded.map { "\($0), " } ?? ""
        return "\(action.rawValue): \(way)\(cause)\(place)"
    }
}
