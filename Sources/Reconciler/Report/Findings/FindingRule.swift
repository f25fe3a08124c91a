import Model

/// What a rule looks for, for people who see only its name.
struct FindingRule {
    let id: String

    init(_ id: String) {
        self.id = id
    }

    /// The rule in SARIF.
    var json: JSONValue {
        .object([
            ("id", .string(id)),
            ("shortDescription", Self.text(title)),
            ("fullDescription", Self.text(explanation)),
            ("help", .object([("text", .string(help)), ("markdown", .string(help))])),
            ("defaultConfiguration", .object([("level", .string(level.rawValue))])),
            ("properties", .object([("tags", .array([.string("wirebuddy"), .string(String(group))]))])),
        ])
    }

    private static func text(_ text: String) -> JSONValue { .object([("text", .string(text))]) }

    private var group: Substring { id.prefix { $0 != "/" } }
    private var name: Substring { id.dropFirst(group.count + 1) }
    /// The name as words.
    private var words: String { String(name.replacing("-", with: " ")) }

    /// One line.
    var title: String {
        switch group {
        case "validate": "Configuration: \(words)"
        case "rail": "Refused by the rail \(name)"
        case "plan": "Planned: \(words)"
        case "drift": "Drift: \(words)"
        default: "Problem: \(words)"
        }
    }

    /// What it means.
    var explanation: String {
        switch (group, name) {
        case ("validate", _):
            "The configuration is read and checked as a whole; an error keeps the revision from being applied."
        case ("rail", "max-deletes"): "More objects of a kind would be deleted than reconcile.max_deletes allows."
        case ("rail", "empty-kind"):
            "The last object of a kind would be deleted, which is more often a mistake than meant."
        case ("rail", "interface-removal"): "An interface with its peers would be deleted."
        case ("rail", "forward-takes-port"): "A forward would take a port that a program of the gateway listens on."
        case ("rail", "re-key"):
            "The private key of an existing interface would change: every device needs the new one."
        case ("rail", "port-change"):
            "The listen port of an existing interface would change: devices look for the old one."
        case ("rail", "last-admin"): "No enabled admin would be left."
        case ("rail", "admin-path"): "The connection of an admin who is logged in now would be cut."
        case ("rail", "remote-path"): "The way to the git remote would be cut, and with it that of the next revision."
        case ("rail", "live-sessions"): "More live sessions would be cut than reconcile.max_live_sessions allows."
        case ("rail", "rolled-back"): "The revision holds changes that were rolled back before."
        case ("rail", _): "A rail refuses the plan: nothing but revocations is applied until it is approved or changed."
        case ("plan", "note"): "It deserves a look and changes nothing."
        case ("plan", _): "An apply of this revision would do this."
        case ("drift", _): "The host differs from what was applied, and the configuration did not change."
        case ("problem", "consent"): "Something that exists and is not ours is left alone until it may be taken over."
        case ("problem", "not-planned"):
            "A part of the host or a secret can't be read, so that nothing of it is changed."
        case ("problem", "unreadable-repository"): "The repository can't be read; what was applied before stays."
        case ("problem", "healed-again-and-again"): "Something else on the host undoes what is applied."
        case ("problem", "unresolved-endpoint"): "The name of an endpoint has no address."
        default: "It keeps the command from doing its work."
        }
    }

    /// What to do.
    var help: String {
        switch group {
        case "validate":
            "\(explanation) The message says what is wrong and what to write instead. Rule: \(name)."
        case "rail":
            "\(explanation) Change the revision, or approve the digest in the message with wirebuddy apply --approve"
                + " or an Approval document."
        case "drift":
            "\(explanation) wirebuddy apply brings it back. If it is to stay for a while, an Acknowledgement document with"
                + " the fingerprint says so."
        default: explanation
        }
    }

    private var level: Finding.Level {
        switch group {
        case "rail", "validate": .error
        case "drift": .warning
        case "plan": name.hasPrefix("delete") ? .warning : .note
        default: .error
        }
    }
}
