/// The statement that a finding of `validate` or `drift` is known and stays for a while, `kind: Acknowledgement`. Errors and
/// refusals can't be acknowledged.
public struct Acknowledgement: Sendable, Hashable {
    /// The name, unique.
    public var name: String
    /// The fingerprint of the finding, 16 hex digits.
    public var fingerprint: String
    /// Why.
    public var reason: String
    /// Until when it counts.
    public var expires: Timestamp
    /// Where the document begins.
    public var location: SourceLocation

    /// An acknowledgement.
    public init(name: String, fingerprint: String, reason: String, expires: Timestamp, location: SourceLocation) {
        self.name = name
        self.fingerprint = fingerprint
        self.reason = reason
        self.expires = expires
        self.location = location
    }
}
