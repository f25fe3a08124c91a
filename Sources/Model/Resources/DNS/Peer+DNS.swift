extension Peer {
    /// How the queries of a peer are treated.
    public struct DNS: Sendable, Equatable {
        /// Whether its device asks the forwarder; false: it gets public resolvers.
        public var filtering = true
        /// The names of the lists that count for it; nil: every enabled one.
        public var blocklists: [String]?
        /// Whether its queries are written down.
        public var log = true
        /// Whether its queries to other resolvers are redirected to the forwarder.
        public var enforce = false

        /// The defaults.
        public init() {}
    }
}
