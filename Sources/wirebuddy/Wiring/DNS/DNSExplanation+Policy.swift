import DNSPolicy
import Gateway
import Model

extension DNSExplanation.Answer {
    /// An explanation and everybody it is the same for.
    init(_ clients: [PolicyClient], _ explanation: Explanation) {
        let decision = explanation.decision
        let kind: DNSExplanation.Decision
        var answers: [String]?
        switch decision.action {
        case .pass, .allow: kind = .allow
        case .block: kind = .block
        case .rewrite(let rewriting):
            kind = .rewrite
            answers = rewriting.values.map { "\($0)" }
        }
        self.init(
            clients: clients.map { "\($0.interface)/\($0.peer)" }, decision: kind, answers: answers,
            reason: "\(decision.reason)", rule: decision.rule.map(DNSExplanation.Rule.init),
            overridden: explanation.overridden.map(DNSExplanation.Rule.init))
    }
}

extension DNSExplanation.Rule {
    fileprivate init(_ match: RuleMatch) {
        self.init(
            source: "\(match.source)", text: match.text, layer: match.layer.word, isImportant: match.isImportant)
    }
}

extension PolicyLayer {
    /// The word of JSON results.
    fileprivate var word: String {
        switch self {
        case .peerRules: "peer_rules"
        case .globalRules: "global_rules"
        case .blocklists: "blocklists"
        }
    }
}

extension Policy {
    /// What is decided about a name for each of these peers; those with the same answer stand together.
    func explain(
        _ name: DomainName, _ type: RecordType, for clients: [PolicyClient], at time: Timestamp, pause: FilteringPause
    ) -> [(clients: [PolicyClient], explanation: Explanation)] {
        var answers: [(clients: [PolicyClient], explanation: Explanation)] = []
        for client in clients {
            let question = PolicyQuestion(client: client, name: name, type: type, time: time)
            let explanation = explain(question, pause: pause)
            if let same = answers.firstIndex(where: { $0.explanation == explanation }) {
                answers[same].clients.append(client)
            } else {
                answers.append((clients: [client], explanation: explanation))
            }
        }
        return answers
    }
}
