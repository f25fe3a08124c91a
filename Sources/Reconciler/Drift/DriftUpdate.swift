public import Model

/// What a pass has to say to the history of drift; nothing at all in nearly every pass.
public struct DriftUpdate: Sendable, Hashable {
    /// Drift that is new, that was put right in this pass, or that has stood for another five minutes.
    public var seen: [DriftRecord] = []
    /// The fingerprints of standing drift that is gone, and how.
    public var gone: [String: DriftRecord.Healing] = [:]
    /// The pass.
    public var pass: String
    /// When it began.
    public var at: Timestamp

    /// An update that says nothing.
    public init(pass: String, at: Timestamp) {
        self.pass = pass
        self.at = at
    }

    /// Whether nothing is to be written.
    public var isEmpty: Bool { seen.isEmpty && gone.isEmpty }
}

/// Which part of the history of drift is asked for.
public struct DriftFilter: Sendable, Hashable {
    /// Only drift that stands or was seen at this time or later; nil: all.
    public var since: Timestamp?
    /// How many records at most.
    public var limit: Int
    /// How many are left out at the beginning.
    public var offset: Int

    /// A part.
    public init(since: Timestamp? = nil, limit: Int, offset: Int = 0) {
        self.since = since
        self.limit = limit
        self.offset = offset
    }
}

/// A part of the history of drift.
public struct DriftHistory: Sendable {
    /// The records: what stands first, then what was seen last.
    public var records: [DriftRecord]
    /// How many the filter matches, whatever its limit.
    public var total: Int

    /// A part.
    public init(records: [DriftRecord], total: Int) {
        self.records = records
        self.total = total
    }
}
