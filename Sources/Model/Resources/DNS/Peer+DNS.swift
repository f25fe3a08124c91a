extension Peer {
    /// How the queries of a peer are treated.
    public struct DNS: Sendable, Equatable {
        /// Whether its device asks the forwarder; false: it gets public resolvers.
        public var filtering = true
        /// The names of the lists that count for it; nil: every enabled one.
        public var blocklists: [String]?
        /// Whether its queries are written down.
        public var log = true
        /// Whether its queries to other resolvers are redirected to the forwarder, also where those of its interface are
        /// not.
        public var enforce = false

        /// The defaults.
        public init() {}

        /// Whether its queries to other resolvers are redirected, by its own word or by that of its interface. Who is
        /// not filtered was given other resolvers on purpose, so that the word of the interface is not about it.
        public func isEnforced(on interface: Interface) -> Bool { enforce || interface.dnsEnforce && filtering }
    }
}
