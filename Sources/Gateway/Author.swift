/// Who a change of the repository is attributed to: the author of its commit.
public struct Author: Sendable, Hashable {
    /// The name: a login name, or the name of a user or token.
    public var name: String
    /// The address in the commit.
    public var email: String

    /// An author.
    public init(name: String, email: String) {
        self.name = name
        self.email = email
    }
}
