/// The addresses of one prefix of an interface that peers may get.
struct AddressSpace: Sendable {
    let prefix: Prefix
    private let first: IPAddress
    private let last: IPAddress
    /// Pieces that nobody gets: reserved by a standard, the gateway's own, or a network behind a peer. Sorted, disjoint.
    private let reserved: [ClosedRange<IPAddress>]

    /// - Parameters:
    ///   - gateways: the interface's own addresses.
    ///   - networks: networks behind peers; only those inside the prefix matter.
    init(_ prefix: Prefix, gateways: [IPAddress], networks: some Sequence<Prefix>) {
        self.prefix = prefix
        first = prefix.address
        // Of a prefix above /64 the first /64 is more than enough, and host numbers stay 64 bits wide.
        last = prefix.family == .ipv6 && prefix.length < 64 ? IPAddress(v6: prefix.address.high, .max) : prefix.last
        var reserved = Self.standardRanges(prefix)
        reserved += gateways.lazy.filter(prefix.contains).map { $0...$0 }
        // A network as wide as the prefix would leave nothing: the peers' own addresses win as the longer prefixes.
        for network in networks where prefix.contains(network) && network != prefix {
            reserved.append(network.address...network.last)
        }
        self.reserved = reserved.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { merged, range in
            if let outer = merged.last, range.lowerBound <= outer.upperBound {
                merged[merged.count - 1] = outer.lowerBound...max(outer.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
    }

    /// The first address from host number `number` on that peers may have and nobody has; its host number.
    func firstFree(from number: UInt64, _ used: UsedAddresses) -> UInt64? {
        guard var candidate = address(number) else { return nil }
        while let free = used.firstFree(from: candidate), free <= last {
            guard let end = endOfReservation(of: free) else { return free.low - first.low }
            guard let next = end.advanced(by: 1) else { return nil }
            candidate = next
        }
        return nil
    }

    /// The address with this host number; nil outside the prefix.
    func address(_ number: UInt64) -> IPAddress? {
        first.advanced(by: number).flatMap { $0 <= last ? $0 : nil }
    }

    /// Whether a peer may have the address at all.
    func mayHold(_ address: IPAddress) -> Bool {
        address.family == prefix.family && (first...last).contains(address) && endOfReservation(of: address) == nil
    }

    private func endOfReservation(of address: IPAddress) -> IPAddress? {
        var low = 0
        var high = reserved.count
        while low < high {
            let middle = (low + high) / 2
            if reserved[middle].upperBound < address { low = middle + 1 } else { high = middle }
        }
        return low < reserved.count && reserved[low].contains(address) ? reserved[low].upperBound : nil
    }

    private static func standardRanges(_ prefix: Prefix) -> [ClosedRange<IPAddress>] {
        let free = prefix.family.bits - prefix.length
        var ranges: [ClosedRange<IPAddress>] = []
        switch prefix.family {
        case .ipv4:
            // Below /31 the network's and the broadcast address (RFC 3021 for /31).
            if free > 1 { ranges += [prefix.address...prefix.address, prefix.last...prefix.last] }
            // "This network", loopback, and multicast with everything above (RFC 6890).
            let special: [(UInt32, UInt32)] = [
                (0, 0x00FF_FFFF), (0x7F00_0000, 0x7FFF_FFFF), (0xE000_0000, .max),
            ]
            ranges += special.map { IPAddress(v4: $0)...IPAddress(v4: $1) }
        case .ipv6:
            // The anycast address of the subnet's routers (RFC 4291, 2.6.1; RFC 6164 for /127).
            if free > 1 { ranges.append(prefix.address...prefix.address) }
            let high = prefix.last.high
            if prefix.length <= 64 {
                // Reserved subnet anycast addresses, as RFC 5453 lists them for 64-bit interface identifiers.
                ranges.append(
                    IPAddress(
                        v6: prefix.address.high, 0xFDFF_FFFF_FFFF_FF80)...IPAddress(
                            v6: prefix.address.high, 0xFDFF_FFFF_FFFF_FFFF))
            } else if free >= 16 {
                // The highest 128 (RFC 2526); a smaller subnet would lose a good part of itself.
                let low = prefix.last.low
                ranges.append(IPAddress(v6: high, low - 127)...IPAddress(v6: high, low))
            }
        }
        return ranges
    }
}
