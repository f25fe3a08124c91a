/// How observation goes.
public struct TelemetryStatus: Sendable, Equatable {
    /// The last sample that was stored; nil: none yet.
    public var lastSample: Timestamp?
    /// Why samples can't be stored; nil: they are.
    public var failure: String?
    /// What the history takes on the disk, in bytes.
    public var databaseBytes: Int64 = 0
    /// The flows.
    public var flows = Flows()
    /// The GeoIP files, by their use.
    public var databases: [GeoDatabase] = []

    /// Nothing was seen yet.
    public init() {}

    /// How flows are counted.
    public struct Flows: Sendable, Equatable {
        /// Whether flows are looked at.
        public var state = State.off
        /// Why not, or what to do; nil: nothing.
        public var message: String?
        /// Flows that are known and have no counters: they began before the kernel counted.
        public var unaccounted = 0
        /// Events that the kernel had to drop; the bytes of short flows among them are lost.
        public var lostEvents: UInt64 = 0
        /// Entries in the kernel's table; nil: not known.
        public var count: Int?
        /// The most that fit; nil: not known.
        public var limit: Int?

        /// Nothing was looked at.
        public init() {}
    }

    /// Whether flows are looked at.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Geography is off.
        case off
        /// They are counted.
        case accounted
        /// The kernel does not count, or does not tell.
        case unaccounted
    }

    /// A GeoIP file.
    public struct GeoDatabase: Sendable, Equatable {
        /// What it is for: `country` or `asn`.
        public var use: String
        /// The file.
        public var path: String
        /// When it was made; nil: it can't be read.
        public var built: Timestamp?
        /// Its kind, as it says itself; nil: it can't be read.
        public var type: String?
        /// Why it can't be used; nil: it is.
        public var failure: String?

        /// A file.
        public init(
            use: String, path: String, built: Timestamp? = nil, type: String? = nil, failure: String? = nil
        ) {
            self.use = use
            self.path = path
            self.built = built
            self.type = type
            self.failure = failure
        }
    }
}
