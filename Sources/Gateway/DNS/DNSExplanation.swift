public import Model

/// What is decided about a name, by which rule, and what that rule overrides: the same document at the command line and
/// over the API.
public struct DNSExplanation: Sendable, Hashable {
    /// What is done with a query.
    public enum Decision: String, Sendable, Hashable, CaseIterable {
        /// It is answered.
        case allow
        /// It is blocked.
        case block
        /// It is answered by the rule.
        case rewrite
    }

    /// A rule that speaks to the name.
    public struct Rule: Sendable, Hashable {
        /// Where it stands: `dns/rules.yaml:12`, or a list's name and line, `ads:120`.
        public var source: String
        /// The rule as it was written.
        public var text: String
        /// Where it stands in the order: `peer_rules`, `global_rules`, `blocklists`.
        public var layer: String
        /// Whether it goes before those that are not important.
        public var isImportant: Bool

        /// A rule.
        public init(source: String, text: String, layer: String, isImportant: Bool) {
            self.source = source
            self.text = text
            self.layer = layer
            self.isImportant = isImportant
        }
    }

    /// A decision and everybody it is the same for.
    public struct Answer: Sendable, Hashable {
        /// The peers, as `interface/name`.
        public var clients: [String]
        /// What is done.
        public var decision: Decision
        /// What a rewrite answers with; nil for other decisions.
        public var answers: [String]?
        /// Why.
        public var reason: String
        /// The rule that decided; nil: none did.
        public var rule: Rule?
        /// The rules that would have decided otherwise.
        public var overridden: [Rule]

        /// An answer.
        public init(
            clients: [String], decision: Decision, answers: [String]? = nil, reason: String, rule: Rule? = nil,
            overridden: [Rule] = []
        ) {
            self.clients = clients
            self.decision = decision
            self.answers = answers
            self.reason = reason
            self.rule = rule
            self.overridden = overridden
        }
    }

    /// The revision whose policy decides.
    public var revision: String
    /// The name that is asked for, as the policy sees it.
    public var name: String
    /// The type of record that is asked for.
    public var type: String
    /// The decisions: peers with the same one stand together.
    public var answers: [Answer]
    /// Lists whose text is not at hand, so that their entries don't count.
    public var absentLists: [String]

    /// An explanation.
    public init(revision: String, name: String, type: String, answers: [Answer], absentLists: [String] = []) {
        self.revision = revision
        self.name = name
        self.type = type
        self.answers = answers
        self.absentLists = absentLists
    }
}

extension DNSExplanation {
    /// The fields of the JSON document, in their order.
    public var entries: [(String, JSONValue)] {
        [
            ("revision", .string(revision)),
            ("name", .string(name)),
            ("type", .string(type)),
            ("answers", .array(answers.map(\.json))),
            ("absent_lists", .array(absentLists.map(JSONValue.string))),
        ]
    }
}

extension DNSExplanation.Answer {
    fileprivate var json: JSONValue {
        .object(
            [
                ("clients", .array(clients.map(JSONValue.string))),
                ("decision", .string(decision.rawValue)),
            ] + (answers.map { [("answers", .array($0.map(JSONValue.string)))] } ?? []) + [
                ("reason", .string(reason)),
                ("rule", rule?.json ?? .null),
                ("overridden", .array(overridden.map(\.json))),
            ])
    }
}

extension DNSExplanation.Rule {
    fileprivate var json: JSONValue {
        .object([
            ("source", .string(source)), ("text", .string(text)), ("layer", .string(layer)),
            ("important", .boolean(isImportant)),
        ])
    }
}
