/// What moved between two looks at the host.
public struct TrafficSample: Sendable, Equatable {
    /// When the look was: everything below happened until then.
    public var time: Timestamp
    /// The time since the look before, in seconds of a clock that never jumps; at least 1.
    public var seconds: Int
    /// Those that moved or whose counters began anew; nobody twice.
    public var entries: [Entry]

    /// A sample.
    public init(time: Timestamp, seconds: Int, entries: [Entry] = []) {
        self.time = time
        self.seconds = seconds
        self.entries = entries
    }

    /// What moved of one.
    public struct Entry: Sendable, Equatable {
        /// Whose it is.
        public var subject: TrafficSubject
        /// What moved since the look before.
        public var bytes: TrafficBytes
        /// The time during which a session lived that no entry before speaks of; nil: none. It may reach 180 s into the
        /// future, and the hour that it belongs to is told by its own bounds.
        public var connected: ConnectedSpan?
        /// What to count from next.
        public var baseline: CounterBaseline

        /// An entry.
        public init(
            subject: TrafficSubject, bytes: TrafficBytes, connected: ConnectedSpan? = nil, baseline: CounterBaseline
        ) {
            self.subject = subject
            self.bytes = bytes
            self.connected = connected
            self.baseline = baseline
        }
    }
}

/// A time during which a session lived: `start` ..< `end`.
public struct ConnectedSpan: Sendable, Hashable {
    /// When it began.
    public var start: Timestamp
    /// When it ended, or will end unless there is another handshake.
    public var end: Timestamp

    /// A span; an end before the start is taken as the start.
    public init(start: Timestamp, end: Timestamp) {
        self.start = start
        self.end = max(start, end)
    }

    /// Its length in seconds.
    public var seconds: Int64 { end.seconds - start.seconds }
}

/// The counters of a peer or an interface as of a look.
public struct CounterBaseline: Sendable, Hashable {
    /// The counters.
    public var counters: TrafficBytes
    /// Which counters they are: of one boot, link and key. Others began at zero.
    public var incarnation: UInt64
    /// The last handshake of a peer; nil: none, or an interface.
    public var lastHandshake: Timestamp?
    /// Until when the time of sessions is counted; nil: there was none.
    public var connectedUntil: Timestamp?

    /// A baseline.
    public init(
        counters: TrafficBytes, incarnation: UInt64, lastHandshake: Timestamp? = nil, connectedUntil: Timestamp? = nil
    ) {
        self.counters = counters
        self.incarnation = incarnation
        self.lastHandshake = lastHandshake
        self.connectedUntil = connectedUntil
    }
}
