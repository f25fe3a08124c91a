public import Model

/// Whose an address is: the peer's with the longest allowed IP over it, on whichever interface, or the host's own.
public struct FlowPeers: Sendable, Equatable {
    private let owners: [Prefix: String]
    /// The lengths of the prefixes that there are, longest first.
    private let lengths4: [Int]
    private let lengths6: [Int]
    private let local: Set<IPAddress>

    /// The peers and the host.
    ///
    /// - Parameters:
    ///   - peers: the stable identifier of the peer by each of its allowed IPs. `0.0.0.0/0` and `::/0` are passed over: they
    ///     say what a peer may send, not that the internet is the peer.
    ///   - local: the addresses of the host.
    public init(_ peers: [Prefix: String] = [:], local: Set<IPAddress> = []) {
        owners = peers.keys.contains(where: \.isDefault) ? peers.filter { !$0.key.isDefault } : peers
        let lengths = { (family: AddressFamily) in
            Set(peers.keys.lazy.filter { $0.family == family && !$0.isDefault }.map(\.length)).sorted(by: >)
        }
        lengths4 = lengths(.ipv4)
        lengths6 = lengths(.ipv6)
        self.local = local
    }

    /// The identifier of the peer whose the address is; nil: nobody's.
    public func peer(of address: IPAddress) -> String? {
        for length in address.family == .ipv4 ? lengths4 : lengths6 {
            if let peer = owners[Prefix(address, length: length)] { return peer }
        }
        return nil
    }

    /// Whether what goes to or comes from the address is not forwarded: it is one of the host, or of a kind that no router
    /// passes on.
    public func isLocal(_ address: IPAddress) -> Bool {
        local.contains(address) || address.isLoopback || address.isMulticast || address.isUnspecified
            || (address.family == .ipv6 ? address.isLinkLocal : address.low == 0xFFFF_FFFF)
    }
}
