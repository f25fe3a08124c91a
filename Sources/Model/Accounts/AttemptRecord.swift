/// What is remembered of attempts with one key, so that a restart forgives nothing.
public struct AttemptRecord: Sendable, Hashable {
    /// When attempts failed, or were made, oldest first.
    public var attempts: [Timestamp]
    /// How often in a row there were too many; decides how long is waited.
    public var level: Int
    /// Until when nothing is looked at; nil: it is.
    public var lockedUntil: Timestamp?
    /// When there were last too many.
    public var violatedAt: Timestamp?

    /// Nothing yet.
    public init() {
        attempts = []
        level = 0
    }

    /// A record.
    public init(attempts: [Timestamp], level: Int, lockedUntil: Timestamp?, violatedAt: Timestamp?) {
        self.attempts = attempts
        self.level = level
        self.lockedUntil = lockedUntil
        self.violatedAt = violatedAt
    }
}

/// Whose attempts are counted together.
public struct AttemptKey: Sendable, Hashable {
    /// What is attempted: `login`, `password`.
    public var what: String
    /// As whom: a user name in lower case, or a user's id.
    public var subject: String
    /// From where; empty: from anywhere.
    public var address: String

    /// A key.
    public init(what: String, subject: String, address: String = "") {
        self.what = what
        self.subject = subject
        self.address = address
    }
}
