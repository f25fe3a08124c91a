/// What the database holds of the repository besides the inventory: users and settings, as they were read last.
public struct ProjectedState: Sendable, Hashable {
    /// The users, in ``ProjectedUser/order(_:_:)``.
    public var users: [ProjectedUser]
    /// The rows of ``ProjectedSettings``; empty: the defaults.
    public var settings: [String: String]

    /// What a database holds.
    public init(users: [ProjectedUser] = [], settings: [String: String] = [:]) {
        self.users = users
        self.settings = settings
    }
}
