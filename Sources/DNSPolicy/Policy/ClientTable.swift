internal import Model

/// Finds who asks: the longest prefix over the allowed IPs of an interface's peers, as WireGuard itself does.
struct ClientTable: Sendable {
    /// The peers of one interface by prefix, and the lengths that occur, the longest first.
    private struct Interface {
        var peers: [Prefix: Int] = [:]
        var lengths4: [Int] = []
        var lengths6: [Int] = []
    }

    private var interfaces: [String: Interface] = [:]

    init(_ peers: [PolicyPeer]) {
        var lengths: [String: Set<Prefix>] = [:]
        for (number, peer) in peers.enumerated() {
            for prefix in peer.allowedIPs {
                // Two peers with one prefix are an error of the repository; here the first stays.
                if interfaces[peer.interface, default: Interface()].peers[prefix] == nil {
                    interfaces[peer.interface, default: Interface()].peers[prefix] = number
                }
                lengths[peer.interface, default: []].insert(prefix)
            }
        }
        for (interface, prefixes) in lengths {
            let lengths = { (family: AddressFamily) in
                Set(prefixes.lazy.filter { $0.family == family }.map(\.length)).sorted(by: >)
            }
            interfaces[interface]?.lengths4 = lengths(.ipv4)
            interfaces[interface]?.lengths6 = lengths(.ipv6)
        }
    }

    /// The number of the peer that may send from `address`.
    func peer(interface: String, address: IPAddress) -> Int? {
        guard let interface = interfaces[interface] else { return nil }
        for length in address.family == .ipv4 ? interface.lengths4 : interface.lengths6 {
            if let peer = interface.peers[Prefix(address, length: length)] { return peer }
        }
        return nil
    }
}
