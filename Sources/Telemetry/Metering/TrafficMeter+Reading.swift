public import Model

extension TrafficMeter {
    /// The counters of a peer or an interface in one look.
    public struct Reading: Sendable, Hashable {
        /// Whose they are.
        public var subject: TrafficSubject
        /// The counters.
        public var counters: TrafficBytes
        /// Which counters they are; see ``CounterIncarnation``.
        public var incarnation: UInt64
        /// The last handshake of a peer; nil: none, or an interface.
        public var lastHandshake: Timestamp?
        /// Whether an interface is up; means nothing of a peer.
        public var isUp: Bool

        /// A reading.
        public init(
            subject: TrafficSubject, counters: TrafficBytes, incarnation: UInt64, lastHandshake: Timestamp? = nil,
            isUp: Bool = true
        ) {
            self.subject = subject
            self.counters = counters
            self.incarnation = incarnation
            self.lastHandshake = lastHandshake
            self.isUp = isUp
        }
    }
}
