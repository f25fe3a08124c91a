import ArgumentParser
import Model
import Reconciler

/// Something that somebody or the controller did, wherever it is written down.
struct GatewayRecord: Hashable, Sendable {
    /// What it is.
    enum Kind: String, Sendable, CaseIterable, ExpressibleByArgument {
        /// A commit of the configuration.
        case commit
        /// The controller saw a revision.
        case revision
        /// The controller applied a change.
        case applied
        /// The controller found drift.
        case drift
        /// The controller healed drift.
        case healed
        /// Something failed.
        case failure
        /// A rail refused.
        case rail
        /// A peer was revoked.
        case revocation
        /// The controller started, stopped, was suspended or resumed.
        case controller
        /// Somebody logged in, or tried to.
        case login
        /// A token was made, or used for the last time by now.
        case token
    }

    var at: Timestamp
    var kind: Kind
    /// Who did it; nil: the controller.
    var actor: String?
    /// What it was done to.
    var object: ObjectID?
    /// What happened, without secrets.
    var message: String
    /// The commit, of a commit.
    var revision: String?
    /// The pass, of what the controller did.
    var pass: String?

    /// A commit.
    init(_ entry: HistoryEntry) {
        at = entry.at
        kind = .commit
        actor = entry.author + (entry.via.map { " via \($0)" } ?? "")
        message = entry.subject
        revision = entry.revision
    }

    /// An event of the controller.
    init(_ event: Event) {
        at = event.at
        kind = Kind(event.kind)
        object = event.object
        message = event.message
        pass = event.pass.isEmpty ? nil : event.pass
    }

    /// A login.
    init(_ login: LoginRecord, user: String) {
        at = login.at
        kind = .login
        actor = user
        let place = login.address.isEmpty ? "the unix socket" : login.address
        switch login.outcome {
        case .success: message = "logged in from \(place)"
        case .failure: message = "could not log in from \(place): the password was wrong, or the user may not"
        case .locked: message = "was not let in from \(place): too many attempts"
        }
    }

    /// That a token was made, and its last use.
    static func of(_ token: APIToken, user: String) -> [GatewayRecord] {
        let made = GatewayRecord(
            token.createdAt, user, "token \"\(token.name)\" was made: \(token.permission.rawValue)")
        let used = token.lastUsedAt.map { at in
            let place = token.lastUsedFrom.map { " from \($0)" } ?? ""
            return GatewayRecord(at, user, "token \"\(token.name)\" was used last\(place)")
        }
        return [made] + [used].compactMap(\.self)
    }

    private init(_ at: Timestamp, _ user: String, _ message: String) {
        self.at = at
        kind = .token
        actor = user
        self.message = message
    }

    /// The record as a line of JSON has it.
    var json: JSONValue {
        let object = object.map {
            JSONValue.object([("kind", .string($0.kind.rawValue)), ("name", .string($0.name))])
        }
        return .object([
            ("document", .string("event")), ("at", .string(at.description)), ("kind", .string(kind.rawValue)),
            ("actor", .optional(actor)), ("object", object ?? .null), ("message", .string(message)),
            ("revision", .optional(revision)), ("pass", .optional(pass)),
        ])
    }

    /// The record as a line for people.
    func text(_ style: TextStyle) -> String {
        let width = 10
        let word = kind.rawValue + String(repeating: " ", count: max(0, width - kind.rawValue.count))
        let role: TextStyle.Role =
            switch kind {
            case .failure, .rail: .failure
            case .drift, .revocation: .warning
            case .applied, .healed: .good
            default: .faint
            }
        let who = actor.map { TerminalText.escaped($0) + ": " } ?? object.map { TerminalText.escaped("\($0)") + ": " }
        let lines = message.split(separator: "\n", omittingEmptySubsequences: false).map {
            TerminalText.escaped(String($0))
        }
        let more = lines.count > 1 ? " (and \(lines.count - 1) more lines)" : ""
        let commit = revision.map { " \(style.paint(String($0.prefix(12)), .faint))" } ?? ""
        return "\(at)  \(style.paint(word, role))  \(who ?? "")\(lines.first ?? "")\(more)\(commit)\n"
    }
}

extension GatewayRecord.Kind {
    fileprivate init(_ kind: Event.Kind) {
        switch kind {
        case .revision: self = .revision
        case .applied: self = .applied
        case .drift: self = .drift
        case .healed: self = .healed
        case .failure: self = .failure
        case .rail: self = .rail
        case .revocation: self = .revocation
        case .controller: self = .controller
        }
    }
}
