import Model

/// The addresses of one prefix in order, skipping those in use: the same tree always gets the same proposal.
struct AddressPool {
    let prefix: Prefix
    private let gateways: [IPAddress]
    private let last: IPAddress
    private var candidate: IPAddress?

    /// One pool per address family: the interface's first prefix of each.
    static func pools(of subnets: [Assembly.Subnet]) -> [AddressPool] {
        AddressFamily.allCases.compactMap { family in
            subnets.first { $0.prefix.family == family }.map { AddressPool($0, subnets.map(\.gateway)) }
        }
    }

    private init(_ subnet: Assembly.Subnet, _ gateways: [IPAddress]) {
        prefix = subnet.prefix
        self.gateways = gateways
        last = subnet.last
        let hasNetworkAddress = prefix.family.bits - prefix.length > 1
        candidate = hasNetworkAddress ? prefix.address.advanced(by: 1) : prefix.address
    }

    /// The next free address; it is not given out again.
    mutating func next(used: [IPAddress: Int]) -> IPAddress? {
        while let address = candidate, address <= last {
            candidate = address == last ? nil : address.advanced(by: 1)
            let isBroadcast = prefix.family == .ipv4 && prefix.family.bits - prefix.length > 1 && address == last
            if !isBroadcast, used[address] == nil, !gateways.contains(address) { return address }
        }
        return nil
    }
}
