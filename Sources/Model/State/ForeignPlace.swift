/// A chain of another firewall program that takes rules of ours.
public struct ForeignPlace: Sendable, Hashable {
    /// What passes through the chain.
    public enum Hook: Sendable, Hashable {
        /// Packets to other hosts.
        case forward
        /// Packets to this host.
        case input
    }

    /// Whose chain it is.
    public let program: FirewallIntegration
    /// The chain.
    public let chain: ForeignChain
    /// What passes through it.
    public let hook: Hook

    /// A place.
    public init(program: FirewallIntegration, chain: ForeignChain, hook: Hook) {
        self.program = program
        self.chain = chain
        self.hook = hook
    }
}
