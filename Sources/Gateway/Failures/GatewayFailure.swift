import Manifest

/// Why a use case did nothing. Every case is one sentence for people and one status for a caller: exit codes of the CLI
/// (DESIGN 5.7), statuses of HTTP.
public indirect enum GatewayFailure: Error, Sendable, Hashable {
    /// No object of that name; similar names, if there are any.
    case notFound(kind: String, name: String, similar: [String])
    /// The repository has no such revision, or not in the history of its branch: what, and what to do.
    case unknownRevision(String)
    /// The name stands for several objects; the names that don't.
    case ambiguous(kind: String, name: String, choices: [String])
    /// An object of that name exists.
    case alreadyExists(kind: String, name: String, place: String)
    /// A body that can't be read: where and why.
    case malformed(String)
    /// Fields that are unknown or whose value is refused.
    case invalidFields(kind: String, name: String, [InvalidField])
    /// The state of the object or of the repository is in the way: what, and what to do.
    case conflict(String)
    /// A rail refuses what the write would do to the host.
    case refusedByRail([RefusedRail])
    /// The repository may not be written: why.
    case readOnly(String)
    /// Files with uncommitted edits that the write would have to touch.
    case dirty([String])
    /// The repository would not be valid, or isn't: rendered problems.
    case invalidRepository([String])
    /// A secret can't be sealed or opened: why, and what to do.
    case secret(String)
    /// The repository or the host can't be read or written: why.
    case failed(String)
    /// The object is not as the caller saw it last; the tag it has now.
    case changed(tag: String)
    /// One of several wishes was refused, counted from 0; nothing was done of the others either.
    case part(Int, GatewayFailure)
}

/// A field that is refused.
public struct InvalidField: Sendable, Hashable {
    /// The field, with dots for nested ones.
    public let field: String
    /// What is wrong, and what to write instead.
    public let message: String

    /// A refusal.
    public init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}

/// A rail that refuses a write.
public struct RefusedRail: Sendable, Hashable {
    /// The rail: `max-deletes`, `empty-kind`, `interface-removal`.
    public let rail: String
    /// What is refused.
    public let message: String
    /// What approves exactly this.
    public let digest: String

    /// A refusal.
    public init(rail: String, message: String, digest: String) {
        self.rail = rail
        self.message = message
        self.digest = digest
    }
}

extension GatewayFailure: CustomStringConvertible {
    /// One line, lower case, without full stop.
    public var description: String {
        switch self {
        case .notFound(let kind, let name, let similar):
            "no \(Self.words(kind)) \"\(name)\""
                + (similar.isEmpty ? "" : ": did you mean \(Self.list(similar, "or"))?")
        case .ambiguous(let kind, let name, let choices):
            "\(Self.words(kind)) \"\(name)\" may be on several interfaces: write \(Self.list(choices, "or"))"
        case .alreadyExists(let kind, let name, let place):
            "\(Self.words(kind)) \"\(name)\" exists already: \(place)"
        case .invalidFields(let kind, let name, let fields):
            fields.count == 1
                ? "\(fields[0].message)"
                : "\(fields.count) fields of \(Self.words(kind)) \"\(name)\" are not valid"
        case .conflict(let what), .malformed(let what): what
        case .refusedByRail(let rails):
            rails.map { "rail \($0.rail) refuses: \($0.message); consent with --approve \($0.digest)" }
                .joined(separator: "; ")
        case .readOnly(let why): why
        case .dirty(let paths):
            "\(Self.list(paths, "and")) \(paths.count == 1 ? "has" : "have") uncommitted edits: commit or undo them first"
        case .invalidRepository(let problems):
            problems.count == 1
                ? "the configuration would not be valid"
                : "the configuration would not be valid: \(problems.count) problems"
        case .unknownRevision(let why), .secret(let why), .failed(let why): why
        case .changed(let tag): "the object was changed by somebody else, its tag is \(tag) now: read it again"
        case .part(let number, let failure): "write \(number): \(failure)"
        }
    }

    /// Further lines: one per field or problem.
    public var details: [String] {
        switch self {
        case .invalidFields(_, _, let fields): fields.count == 1 ? [] : fields.map(\.message)
        case .invalidRepository(let problems): problems
        case .part(_, let failure): failure.details
        default: []
        }
    }

    /// `Peer` is a peer, `DNSRule` a DNS rule, `Access` an access document.
    private static func words(_ kind: String) -> String {
        if kind == ResourceKind.access.rawValue { return "access document" }
        return kind.hasPrefix("DNS") ? "DNS \(kind.dropFirst(3).lowercased())" : kind.lowercased()
    }

    private static func list(_ words: [String], _ conjunction: String) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
    }
}
