/// One attempt to log in as a user: a row of his login history.
public struct LoginRecord: Sendable, Hashable {
    /// How it ended.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// A session began.
        case success
        /// The password was wrong, or the user may not log in.
        case failure
        /// It was not looked at: too many attempts before.
        case locked
    }

    /// When.
    public var at: Timestamp
    /// The id of the user.
    public var userID: String
    /// Where it came from; empty: the unix socket.
    public var address: String
    /// What the client calls itself; at most 200 characters.
    public var userAgent: String
    /// How it ended.
    public var outcome: Outcome

    /// An attempt.
    public init(at: Timestamp, userID: String, address: String, userAgent: String, outcome: Outcome) {
        self.at = at
        self.userID = userID
        self.address = address
        self.userAgent = userAgent
        self.outcome = outcome
    }
}
