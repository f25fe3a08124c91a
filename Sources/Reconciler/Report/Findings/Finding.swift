public import Model

/// One thing that a report says: what was found, where it stands, and by which name it is found again.
public struct Finding: Sendable, Hashable {
    /// How much it matters.
    public enum Level: String, Sendable, Hashable, Comparable {
        /// The command fails because of it.
        case error
        /// It deserves a look.
        case warning
        /// It is as it was asked for.
        case note

        /// Orders by how much it matters, errors first.
        public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
        private var rank: Int {
            switch self {
            case .error: 0
            case .warning: 1
            case .note: 2
            }
        }
    }

    /// The stable name of what kind of finding it is: `validate/missing-field`, `rail/max-deletes`, `plan/delete-peer`,
    /// `drift/update-interface`, `problem/unreadable`.
    public var rule: String
    /// How much it matters.
    public var level: Level
    /// The object; nil: it is about a file, or the whole.
    public var object: ObjectID?
    /// What was found, in one line; secrets are masked.
    public var message: String
    /// What to do about it: the line to paste or the command to run.
    public var suggestion: String?
    /// Where the object is declared, or the problem stands.
    public var location: SourceLocation?
    /// 16 hexadecimal digits, made of rule, object and what was found: the same in the next revision, however lines move.
    public var fingerprint: String
    /// The statement that it is known and stays.
    public var acknowledgement: Acknowledgement?
    /// The change it is about.
    public var change: Change?

    /// The object, or the file, or nothing: what it is about for people.
    public var subject: String? { object?.description ?? location?.path }

    /// Whether something that is in use goes, or is cut off.
    var isDestructive: Bool {
        guard let change else { return false }
        return change.action == .delete || change.impact >= .sessionLoss
    }
}
