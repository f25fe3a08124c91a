/// What forwarded flows moved since the sample before, added up at once: no destination address is kept.
public struct FlowSample: Sendable, Equatable {
    /// When the look was.
    public var time: Timestamp
    /// One entry per peer and place.
    public var entries: [Entry]
    /// The names of countries and autonomous systems that appear in the entries.
    public var names: PlaceNames

    /// A sample.
    public init(time: Timestamp, entries: [Entry] = [], names: PlaceNames = PlaceNames()) {
        self.time = time
        self.entries = entries
        self.names = names
    }

    /// What moved between a peer and a place: inner bytes.
    public struct Entry: Sendable, Hashable {
        /// The peer's stable identifier.
        public var peer: String
        /// The place.
        public var place: FlowPlace
        /// What came from the peer, and went to it.
        public var bytes: TrafficBytes

        /// An entry.
        public init(peer: String, place: FlowPlace, bytes: TrafficBytes) {
            self.peer = peer
            self.place = place
            self.bytes = bytes
        }
    }
}

/// Names for people.
public struct PlaceNames: Sendable, Equatable {
    /// By ISO code.
    public var countries: [String: String]
    /// By number.
    public var systems: [UInt32: String]

    /// Names.
    public init(countries: [String: String] = [:], systems: [UInt32: String] = [:]) {
        self.countries = countries
        self.systems = systems
    }
}
