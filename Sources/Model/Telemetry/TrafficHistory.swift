/// The traffic of one peer or interface over a span of time.
public struct TrafficHistory: Sendable, Equatable {
    /// The width of the points.
    public var resolution: TrafficResolution
    /// One point per bucket that touches the span, oldest first; those in which nothing was seen are zero.
    public var points: [Point]
    /// Before this instant nothing is kept at this resolution; nil: nothing is kept at all.
    public var keptFrom: Timestamp?

    /// A history.
    public init(resolution: TrafficResolution, points: [Point], keptFrom: Timestamp?) {
        self.resolution = resolution
        self.points = points
        self.keptFrom = keptFrom
    }

    /// The sum of all points.
    public var totals: TrafficBytes { points.reduce(into: TrafficBytes()) { $0 += $1.bytes } }

    /// One bucket.
    public struct Point: Sendable, Hashable {
        /// When it begins.
        public var time: Timestamp
        /// What moved.
        public var bytes: TrafficBytes
        /// The highest rates between two samples, in bits per second.
        public var peak: TrafficBytes
        /// How long a session lived; of an interface: how long it was up and seen. In seconds.
        public var connectedSeconds: Int64

        /// A point.
        public init(
            time: Timestamp, bytes: TrafficBytes = TrafficBytes(), peak: TrafficBytes = TrafficBytes(),
            connectedSeconds: Int64 = 0
        ) {
            self.time = time
            self.bytes = bytes
            self.peak = peak
            self.connectedSeconds = connectedSeconds
        }
    }
}
