/// Someone who can open sealed values, an entry of `kind: Recipients`.
public struct Recipient: Sendable, Hashable {
    /// What a recipient is for.
    public enum Role: String, Sendable, Hashable, CaseIterable {
        /// A gateway: the public part of its host key.
        case host
        /// A person who may look at secrets.
        case `operator`
        /// A key kept offline, for the day the host's is lost.
        case recovery
    }

    /// The name, unique.
    public var name: String
    /// The public sealing key (X25519), unique.
    public var key: PublicKey
    /// What it is for.
    public var role: Role
    /// Where the document begins.
    public var location: SourceLocation

    /// A recipient.
    public init(name: String, key: PublicKey, role: Role, location: SourceLocation) {
        self.name = name
        self.key = key
        self.role = role
        self.location = location
    }
}
