import Model

/// Where live peers were seen last. A peer that has to be made anew starts from there.
struct EndpointMemory {
    private(set) var endpoints: [PeerID: SocketAddress] = [:]
    private var unsaved: [PeerID: SocketAddress] = [:]
    private var isSeeded = false

    /// Takes over what the inventory remembers, once.
    mutating func seed(_ remembered: [PeerID: SocketAddress]) {
        guard !isSeeded else { return }
        isSeeded = true
        endpoints.merge(remembered) { own, _ in own }
    }

    /// Notes the endpoints of peers with a session: an old one may belong to somebody else by now.
    mutating func note(_ devices: [String: ObservedDevice], at now: Timestamp) {
        for (interface, device) in devices {
            for peer in device.peers where peer.isLive(at: now) {
                guard let endpoint = peer.endpoint else { continue }
                let id = PeerID(interface: interface, publicKey: peer.publicKey)
                if endpoints[id] != endpoint {
                    endpoints[id] = endpoint
                    unsaved[id] = endpoint
                }
            }
        }
    }

    /// What the inventory does not know yet; afterwards it counts as saved.
    mutating func takeUnsaved() -> [PeerID: SocketAddress] {
        defer { unsaved = [:] }
        return unsaved
    }

    /// Puts back what could not be saved.
    mutating func putBack(_ endpoints: [PeerID: SocketAddress]) {
        unsaved.merge(endpoints) { newer, _ in newer }
    }
}
