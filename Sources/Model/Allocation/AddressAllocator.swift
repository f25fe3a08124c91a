/// Gives addresses to the peers of one interface: one of each family that the interface has prefixes of.
///
/// The same interface and the same used addresses always give the same answer: the lowest host number that is free in
/// both families, so that 10.8.0.7 and fd42:8::7 are one device; without such a twin the lowest of each. Of several
/// prefixes of a family the first with room counts. Nothing that a peer has is ever moved.
public struct AddressAllocator: Sendable {
    private let spaces: [AddressSpace]
    private var used: UsedAddresses
    /// Addresses that were freed a short while ago, oldest first: nobody is given one.
    private let quarantined: [IPAddress]
    /// No host number below it is free in both of the prefixes it was found for.
    private var twins: (prefixes: [Prefix], floor: UInt64) = ([], 0)

    /// An allocator.
    ///
    /// - Parameters:
    ///   - addresses: the interface's own, in its order.
    ///   - used: what its peers have.
    ///   - quarantined: addresses that peers had until a short while ago, oldest first. They are not given out; who
    ///     names one gets it.
    public init(_ addresses: [InterfaceAddress], used: UsedAddresses = UsedAddresses(), quarantined: [IPAddress] = []) {
        var prefixes: [Prefix] = []
        for address in addresses where !prefixes.contains(address.prefix) { prefixes.append(address.prefix) }
        let gateways = addresses.map(\.address)
        spaces = prefixes.map { AddressSpace($0, gateways: gateways, networks: used.networks.keys) }
        self.used = used
        self.quarantined = quarantined.filter { !used.contains($0) }
        for address in self.quarantined { self.used.insert(address) }
    }

    /// Takes the addresses of one more peer: one per family, in the order of ``AddressFamily``.
    ///
    /// - Throws: ``PoolExhausted``; nothing is taken then.
    public mutating func allocate() throws(PoolExhausted) -> [IPAddress] {
        var found: [(space: AddressSpace, number: UInt64)] = []
        for family in AddressFamily.allCases {
            let candidates = spaces.filter { $0.prefix.family == family }
            guard !candidates.isEmpty else { continue }
            guard let free = firstFree(in: candidates) else {
                throw PoolExhausted(
                    prefixes: candidates.map(\.prefix),
                    resting: quarantined.filter { address in candidates.contains { $0.mayHold(address) } })
            }
            found.append(free)
        }
        if found.count == 2, found[0].number != found[1].number, let twin = twin(of: found) {
            found[0].number = twin
            found[1].number = twin
        }
        let addresses = found.compactMap { $0.space.address($0.number) }
        for address in addresses { used.insert(address) }
        return addresses
    }

    /// Takes an address that a peer names itself.
    public mutating func take(_ address: IPAddress) { used.insert(address) }

    /// Whether a peer may have this address and none has.
    public func isFree(_ address: IPAddress) -> Bool {
        !used.contains(address) && spaces.contains { $0.mayHold(address) }
    }

    private func firstFree(in spaces: [AddressSpace]) -> (space: AddressSpace, number: UInt64)? {
        for space in spaces {
            if let number = space.firstFree(from: 0, used) { return (space, number) }
        }
        return nil
    }

    /// The lowest host number that is free in both prefixes.
    private mutating func twin(of pair: [(space: AddressSpace, number: UInt64)]) -> UInt64? {
        let prefixes = pair.map(\.space.prefix)
        if twins.prefixes != prefixes { twins = (prefixes, 0) }
        var number = max(twins.floor, pair[0].number, pair[1].number)
        while let left = pair[0].space.firstFree(from: number, used),
            let right = pair[1].space.firstFree(from: left, used)
        {
            twins.floor = right
            if left == right { return left }
            number = right
        }
        twins.floor = .max
        return nil
    }
}

/// An interface has no address left for another peer.
public struct PoolExhausted: Error, Hashable, CustomStringConvertible {
    /// The full prefixes, all of one family.
    public let prefixes: [Prefix]
    /// Addresses of them that peers had until a short while ago, oldest first.
    public let resting: [IPAddress]

    /// `10.8.0.0/24 has no free address`, and which rest.
    public var description: String {
        let list = prefixes.map(\.description).joined(separator: ", ")
        let text = list + (prefixes.count == 1 ? " has" : " have") + " no free address"
        guard let oldest = resting.first else { return text }
        let what = resting.count == 1 ? "one that a peer had rests" : "\(resting.count) that peers had rest"
        return "\(text): \(what) for 24 hours, name \(resting.count == 1 ? "it" : "one") to take it now, ip: \(oldest)"
    }
}
