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
    func owner(of address: IPAddress) -> Int? {
        for length in lengths[address.family] ?? [] {
            if let peer = peers[Prefix(address, length: length)] { return peer }
        }
        return nil
    }
}
