/// Whose an address is: that of the peer with the longest allowed IP over it, on whichever interface.
struct AddressOwners: Sendable {
    private var peers: [Prefix: Int] = [:]
    private var lengths: [AddressFamily: [Int]] = [:]

    init(_ peers: [Peer]) {
        for (number, peer) in peers.enumerated() {
            // Two peers with one prefix are an error of the repository; here the first stays.
            for prefix in peer.serverAllowedIPs where self.peers[prefix] == nil { self.peers[prefix] = number }
        }
        for family in AddressFamily.allCases {
            lengths[family] = Set(self.peers.keys.lazy.filter { $0.family == family }.map(\.length)).sorted(by: >)
        }
    }

    /// The number of the peer; nil: nobody's.
    ///
    /// - Parameter least: shorter prefixes don't count.
    func owner(of address: IPAddress, least: Int = 0) -> Int? {
        for length in lengths[address.family] ?? [] where length >= least {
            if let peer = peers[Prefix(address, length: length)] { return peer }
        }
        return nil
    }

    /// The number of the peer that a source is: who may send from everywhere is not meant by an address of the internet.
    func sender(from address: IPAddress) -> Int? { owner(of: address, least: 1) }
}
