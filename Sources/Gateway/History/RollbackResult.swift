public import Manifest
public import Model
public import Reconciler

/// What a rollback did or would do.
public struct RollbackResult: Sendable {
    /// The revision whose files come back.
    public var target: HistoryEntry
    /// The peers that are kept out now and would be let in again, by interface and name.
    public var restored: [RestoredPeer]
    /// What changes; nil: the files are as they were then.
    public var change: TreeChange?
    /// The changes of the files as a unified diff, of a rollback that is only shown.
    public var diff: [String] = []
    /// The new commit; nil: none was made.
    public var revision: String?
    /// How many local commits the remote does not have; nil when there is none, or it has all.
    public var ahead: Int?
    /// What people should know.
    public var notes: [String]
    /// What the next pass would do; nil where this host was not looked at.
    public var plan: PassReport?

    /// A result without any change.
    public init(target: HistoryEntry, restored: [RestoredPeer]) {
        self.target = target
        self.restored = restored
        notes = []
    }
}

/// A peer that was revoked since, and that a rollback lets in only with its own approval.
public struct RestoredPeer: Sendable, Hashable {
    /// Its interface.
    public var interface: String
    /// Its name in the revision.
    public var name: String
    /// Its key.
    public var publicKey: PublicKey
    /// How it is kept out now, for people: `is disabled`.
    public var reason: String
    /// What approves exactly this.
    public var digest: String

    /// A peer.
    public init(interface: String, name: String, publicKey: PublicKey, reason: String, digest: String) {
        self.interface = interface
        self.name = name
        self.publicKey = publicKey
        self.reason = reason
        self.digest = digest
    }
}
