public import Model

/// One commit of the configuration.
public struct HistoryEntry: Sendable, Hashable {
    /// The commit.
    public let revision: String
    /// When it was committed.
    public let at: Timestamp
    /// The name of its author.
    public let author: String
    /// The mail address of its author.
    public let email: String
    /// By which way it came in, from its `Via` trailer: `cli`, `remote`; nil: a person committed it.
    public let via: String?
    /// The commit whose tree it restores, from its `Rollback-To` trailer.
    public let rollbackTo: String?
    /// What changed: the first line of its message.
    public let subject: String
}

extension HistoryEntry {
    /// The fields of `git log -z` in this order, each ended by NUL.
    static let format =
        "--format=%H%x00%ct%x00%an%x00%ae%x00%(trailers:key=Via,valueonly,separator=%x2C)%x00"
        + "%(trailers:key=Rollback-To,valueonly,separator=%x2C)%x00%s"
    static let fields = 7

    init?(_ fields: some Collection<Substring>) {
        let fields = Array(fields)
        guard fields.count == Self.fields, let seconds = Int64(fields[1]) else { return nil }
        revision = String(fields[0])
        at = Timestamp(seconds: seconds)
        author = String(fields[2])
        email = String(fields[3])
        via = fields[4].isEmpty ? nil : String(fields[4])
        rollbackTo = fields[5].isEmpty ? nil : String(fields[5])
        subject = String(fields[6])
    }
}

/// Why the history can't be shown.
public enum HistoryFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// A plain directory has none.
    case noRepository(String)
    /// No such peer, or several.
    case unknownPeer(String)
    /// git could not read it.
    case unreadable(String)

    /// The message.
    public var description: String {
        switch self {
        case .noRepository(let directory):
            "\(directory) is not a git repository: run `wirebuddy init`"
        case .unknownPeer(let why), .unreadable(let why): why
        }
    }
}
