public import Model

/// A peer as far as the policy needs it.
public struct PolicyPeer: Sendable, Hashable {
    /// The interface it is a peer of.
    public let interface: String
    /// Its name, unique on the interface.
    public let name: String
    /// Its DNS label, by which rules may name it too.
    public let label: String
    /// Its allowed IPs on the gateway's side: what it may ask from.
    public let allowedIPs: [Prefix]
    /// Whether blocks and lists apply to it.
    public let isFiltered: Bool
    /// The names of the lists that apply to it; nil for all.
    public let blocklists: [String]?
    /// Whether the well-known resolvers over HTTPS are blocked for it, unless a rule allows one.
    public let blocksResolvers: Bool

    /// A peer of an interface.
    ///
    /// - Parameter label: the DNS label; nil if the name is one.
    public init(
        interface: String, name: String, label: String? = nil, allowedIPs: [Prefix], isFiltered: Bool,
        blocklists: [String]?, blocksResolvers: Bool = false
    ) {
        self.interface = interface
        self.name = name
        self.label = label ?? name
        self.allowedIPs = allowedIPs
        self.isFiltered = isFiltered
        self.blocklists = blocklists
        self.blocksResolvers = blocksResolvers
    }
}
