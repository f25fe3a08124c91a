public import Model

/// One drift of one object: what differed from what was applied, from when it was first seen until it was gone.
public struct DriftRecord: Sendable, Hashable {
    /// How a drift ended.
    public enum Healing: String, Sendable, Hashable, CaseIterable {
        /// The loop put it right.
        case loop
        /// An explicit pass did: `apply`, or the API.
        case apply
        /// It was gone without us.
        case elsewhere
    }

    /// The object.
    public var object: ObjectID
    /// The stable identifier of a peer; nil for other objects and peers that no manifest declared.
    public var peer: String?
    /// What puts it right: what is missing is created, what is too much is deleted.
    public var action: Change.Action
    /// The fields that differ: `before` is what was seen, `after` what was applied. Secrets are masked.
    public var fields: [FieldChange]
    /// The same drift has the same one, whatever the revision: 16 hexadecimal digits.
    public var fingerprint: String
    /// When it was seen first.
    public var firstSeen: Timestamp
    /// When it was seen last, to five minutes while it stands.
    public var lastSeen: Timestamp
    /// How often it came: the same drift within a day of its end counts on.
    public var count: Int
    /// When it was gone; nil while it stands.
    public var healedAt: Timestamp?
    /// How it ended; nil while it stands.
    public var healing: Healing?
    /// The pass that saw it first or again, or in which it ended.
    public var pass: String
    /// Who probably caused it; nil: nothing on the host told.
    public var writer: LikelyWriter?

    /// A drift that is seen for the first time and stands.
    public init(_ change: Change, fingerprint: String, pass: String, at: Timestamp) {
        self.init(
            object: change.object, peer: change.peerID, action: change.action, fields: change.fields,
            fingerprint: fingerprint, firstSeen: at, lastSeen: at, count: 1, pass: pass)
    }

    /// A record.
    public init(
        object: ObjectID, peer: String?, action: Change.Action, fields: [FieldChange], fingerprint: String,
        firstSeen: Timestamp, lastSeen: Timestamp, count: Int, healedAt: Timestamp? = nil, healing: Healing? = nil,
        pass: String, writer: LikelyWriter? = nil
    ) {
        self.object = object
        self.peer = peer
        self.action = action
        self.fields = fields
        self.fingerprint = fingerprint
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.count = count
        self.healedAt = healedAt
        self.healing = healing
        self.pass = pass
        self.writer = writer
    }
}

/// Drift that was seen and has not ended, as the inventory keeps it.
public struct StandingDrift: Sendable, Hashable {
    /// The object.
    public var object: ObjectID
    /// When it was written down last that it still stands.
    public var lastSeen: Timestamp

    /// An entry.
    public init(object: ObjectID, lastSeen: Timestamp) {
        self.object = object
        self.lastSeen = lastSeen
    }
}
