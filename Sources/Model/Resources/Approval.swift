/// The consent to changes that a rail refuses, as a document of the repository, `kind: Approval`. It names the changes
/// themselves, never a revision or a rail: what is merged with it is what was reviewed.
public struct Approval: Sendable, Hashable {
    /// The name, unique.
    public var name: String
    /// Digests of changes or of refusals, as plans show them.
    public var digests: [String]
    /// Why.
    public var reason: String
    /// Until when it counts.
    public var expires: Timestamp
    /// Where the document begins.
    public var location: SourceLocation

    /// An approval.
    public init(name: String, digests: [String], reason: String, expires: Timestamp, location: SourceLocation) {
        self.name = name
        self.digests = digests
        self.reason = reason
        self.expires = expires
        self.location = location
    }
}
