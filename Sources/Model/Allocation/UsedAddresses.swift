/// The addresses that the peers of one interface use, kept up to date as peers come and go.
///
/// It knows no prefixes, so that nothing is computed again when an interface's change. An address counts as used until
/// it was removed as often as it was inserted: two documents may name it while a tree is not valid.
public struct UsedAddresses: Sendable {
    private var ipv4 = NumberSet()
    /// By the upper half of the address.
    private var ipv6: [UInt64: NumberSet] = [:]
    /// How often an address is used beyond the first time.
    private var repeated: [IPAddress: Int] = [:]
    /// Networks behind peers that are more than a host, and how often each is named.
    private(set) var networks: [Prefix: Int] = [:]

    /// Nothing is used.
    public init() {}

    /// Whether a peer has this address.
    public func contains(_ address: IPAddress) -> Bool {
        address.family == .ipv4 ? ipv4.contains(address.low) : ipv6[address.high]?.contains(address.low) ?? false
    }

    /// Takes an address.
    public mutating func insert(_ address: IPAddress) {
        if contains(address) {
            repeated[address, default: 0] += 1
        } else if address.family == .ipv4 {
            ipv4.insert(address.low)
        } else {
            ipv6[address.high, default: NumberSet()].insert(address.low)
        }
    }

    /// Gives an address back.
    public mutating func remove(_ address: IPAddress) {
        if let count = repeated[address] {
            repeated[address] = count == 1 ? nil : count - 1
        } else if address.family == .ipv4 {
            ipv4.remove(address.low)
        } else {
            ipv6[address.high]?.remove(address.low)
        }
    }

    /// Takes what a peer has: its addresses, and the networks behind it.
    public mutating func insert(_ peer: Peer) {
        for address in peer.ip { insert(address) }
        for route in peer.routes {
            if route.isHost { insert(route.address) } else { networks[route, default: 0] += 1 }
        }
    }

    /// Gives back what a peer had.
    public mutating func remove(_ peer: Peer) {
        for address in peer.ip { remove(address) }
        for route in peer.routes {
            if route.isHost {
                remove(route.address)
            } else if let count = networks[route] {
                networks[route] = count == 1 ? nil : count - 1
            }
        }
    }

    /// The first address from `address` on, in its half of the address space, that nobody has.
    func firstFree(from address: IPAddress) -> IPAddress? {
        if address.family == .ipv4 {
            return ipv4.firstAbsent(from: address.low).flatMap(UInt32.init(exactly:)).map(IPAddress.init(v4:))
        }
        guard let used = ipv6[address.high] else { return address }
        return used.firstAbsent(from: address.low).map { IPAddress(v6: address.high, $0) }
    }
}
