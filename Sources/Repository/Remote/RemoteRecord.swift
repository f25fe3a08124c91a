import Model

/// What is known about the remote between looks, kept beside the repository so that every process knows it.
struct RemoteRecord: Sendable, Hashable {
    /// What keeps commits from going on.
    struct Trouble: Sendable, Hashable {
        let since: Timestamp
        let reason: String
    }

    /// When it was last tried.
    var checked: Timestamp?
    /// Why it can't be reached.
    var unreachable: Trouble?
    /// Why a person has to decide.
    var diverged: Trouble?

    init() {}

    /// Notes a failure; the same kind of trouble keeps its beginning.
    static func trouble(_ reason: String, before: Trouble?, at now: Timestamp) -> Trouble {
        Trouble(since: before?.since ?? now, reason: reason)
    }

    /// The text of the file: `key time reason`, one per line.
    var text: String {
        var lines: [String] = []
        if let checked { lines.append("checked \(checked)") }
        for (key, trouble) in [("unreachable", unreachable), ("diverged", diverged)] {
            guard let trouble else { continue }
            lines.append("\(key) \(trouble.since) \(trouble.reason.replacing("\n", with: " "))")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Reads the text of a file; what is not understood is left out.
    init(text: String) {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard parts.count >= 2, let at = Timestamp(parts[1]) else { continue }
            switch parts[0] {
            case "checked": checked = at
            case "unreachable": unreachable = Trouble(since: at, reason: parts.count > 2 ? parts[2] : "")
            case "diverged": diverged = Trouble(since: at, reason: parts.count > 2 ? parts[2] : "")
            default: continue
            }
        }
    }
}
