/// A pause of filtering as the database keeps it: no desired state, and no drift.
public struct FilteringPauseEntry: Sendable, Hashable {
    /// The peer as `interface/name`; nil for everybody.
    public var client: String?
    /// When it ends.
    public var until: Timestamp
    /// Who asked for it.
    public var author: String

    /// A pause.
    public init(client: String?, until: Timestamp, author: String) {
        self.client = client
        self.until = until
        self.author = author
    }
}
