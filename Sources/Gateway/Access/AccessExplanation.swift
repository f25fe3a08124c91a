import Credentials
public import Model

/// What is decided about a connection, by which document, and what that overrides: the same document at the command line
/// and over the API.
public struct AccessExplanation: Sendable, Hashable {
    /// The revision whose documents decide.
    public let revision: String
    /// The connection, as it was asked about.
    public let question: AccessQuestion
    /// The peer that opens it, as `interface/name`; nil: none does.
    public let from: String?
    /// The peer it leads to; nil: none, or the gateway.
    public let to: String?
    /// The decisions: destinations with the same one stand together.
    public let answers: [AccessAnswer]

    /// Decides.
    ///
    /// - Parameters:
    ///   - catalog: what is declared, with references that are valid.
    ///   - revision: its revision.
    ///   - now: when the connection is opened.
    /// - Throws: `AccessQuestion.Fault` for a peer that nobody is, or several are, and where no connection can be.
    public init(
        _ question: AccessQuestion, by catalog: Catalog, revision: String, at now: Timestamp
    ) throws(AccessQuestion.Fault) {
        let judge = AccessJudge(catalog, digest: BLAKE2b256())
        answers = try judge.answers(to: question, at: now)
        self.revision = revision
        self.question = question
        (from, to) = judge.peerNames(of: question)
    }
}

extension AccessExplanation {
    /// The fields of the JSON document, in their order.
    public var entries: [(String, JSONValue)] {
        [
            ("revision", .string(revision)),
            ("from", .string("\(question.source)")),
            ("from_peer", from.map(JSONValue.string) ?? .null),
            ("to", .string("\(question.destination)")),
            ("to_peer", to.map(JSONValue.string) ?? .null),
            ("service", .string("\(question.service)")),
            ("answers", .array(answers.map(\.json))),
        ]
    }
}

extension AccessAnswer {
    fileprivate var json: JSONValue {
        .object([
            ("destinations", .array(destinations.map(JSONValue.string))),
            ("decision", .string(decision.action.rawValue)),
            ("cause", .string(decision.cause.word)),
            ("reason", .string("\(decision.cause)")),
            ("document", decision.statement?.json ?? .null),
            ("forward", decision.forwarded?.json ?? .null),
            ("overridden", .array(decision.overridden.map(\.json))),
            ("notes", .array(notes.map(JSONValue.string))),
        ])
    }
}

extension AccessStatement {
    fileprivate var json: JSONValue {
        .object([
            ("name", .string(document)), ("source", .string("\(location.path):\(location.line)")),
            ("action", .string(action.rawValue)), ("default", .boolean(isDefault)),
        ])
    }
}

extension ForwardedConnection {
    fileprivate var json: JSONValue {
        .object([
            ("name", .string(forward)), ("source", .string("\(location.path):\(location.line)")),
            ("peer", .string(peer)), ("address", .string("\(address)")), ("port", .number(Int(port))),
        ])
    }
}
