/// What is remembered of a request that is done once: digests and names, never content.
public struct IdempotencyRecord: Sendable, Hashable {
    /// The digest of who asked and of the key.
    public var key: String
    /// The digest of what was asked: method, path and body.
    public var request: String
    /// The status of the answer.
    public var status: Int
    /// What was written: a kind and an id or name; empty for several objects.
    public var object: String
    /// The revision that holds it; empty for what is not in the repository.
    public var revision: String
    /// When it was done.
    public var at: Timestamp

    /// A record.
    public init(key: String, request: String, status: Int, object: String, revision: String, at: Timestamp) {
        self.key = key
        self.request = request
        self.status = status
        self.object = object
        self.revision = revision
        self.at = at
    }

    /// How long a key is remembered, in seconds.
    public static let lifetime: Int64 = 86_400
    /// How many keys are remembered; the oldest go first.
    public static let limit = 10_000
}
