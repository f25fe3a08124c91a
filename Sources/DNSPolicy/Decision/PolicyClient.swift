public import Model

/// Who asks: a peer by one of its addresses.
public struct PolicyClient: Sendable, Hashable {
    /// The interface the question came in by.
    public let interface: String
    /// The peer's name, unique on its interface.
    public let peer: String
    /// The peer's DNS label, by which rules may name it too.
    public let label: String
    /// The address the question came from.
    public let address: IPAddress
    /// The peer's number in its policy.
    let index: Int

    init(_ peer: PolicyPeer, address: IPAddress, index: Int) {
        interface = peer.interface
        self.peer = peer.name
        label = peer.label
        self.address = address
        self.index = index
    }

    /// Whether a rule's client is this one.
    func isMeant(by client: DNSClient) -> Bool {
        switch client {
        case .prefix(let prefix): prefix.contains(address)
        case .peer(let name, let interface):
            (name.utf8.elementsEqual(peer.utf8) || name.utf8.elementsEqual(label.utf8))
                && (interface?.utf8.elementsEqual(self.interface.utf8) ?? true)
        }
    }
}
