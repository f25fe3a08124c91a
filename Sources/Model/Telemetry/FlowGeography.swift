/// Where the forwarded traffic of a span of time went.
public struct FlowGeography: Sendable, Equatable {
    /// By country, largest first.
    public var countries: [Row<String>]
    /// By autonomous system, largest first.
    public var systems: [Row<UInt32>]
    /// To places whose country the databases don't say.
    public var unknownCountry: TrafficBytes
    /// To places whose autonomous system the databases don't say.
    public var unknownSystem: TrafficBytes
    /// To private addresses.
    public var privateNetworks: TrafficBytes
    /// The hour or day that the sums begin with, which may lie before the start that was asked for; nil: nothing is kept.
    public var from: Timestamp?

    /// An empty geography.
    public init() {
        countries = []
        systems = []
        unknownCountry = TrafficBytes()
        unknownSystem = TrafficBytes()
        privateNetworks = TrafficBytes()
    }

    /// What went to one place.
    public struct Row<Code: Sendable & Hashable>: Sendable, Equatable {
        /// The code or number.
        public var code: Code
        /// The name; nil: the databases gave none.
        public var name: String?
        /// The bytes.
        public var bytes: TrafficBytes
        /// How many peers.
        public var peers: Int

        /// A row.
        public init(code: Code, name: String?, bytes: TrafficBytes, peers: Int) {
            self.code = code
            self.name = name
            self.bytes = bytes
            self.peers = peers
        }
    }

    /// Everything.
    public var total: TrafficBytes {
        var sum = countries.reduce(into: TrafficBytes()) { $0 += $1.bytes }
        sum += unknownCountry
        sum += privateNetworks
        return sum
    }
}
