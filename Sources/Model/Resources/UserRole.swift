/// What a user may do.
public enum UserRole: String, Sendable, Hashable, CaseIterable {
    /// Everything.
    case admin
    /// Reads what is his own.
    case user
}
