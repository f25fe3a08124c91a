public import Manifest
public import Model
public import Reconciler

extension ManifestTree {
    /// Takes what this gateway remembers of peers: the identifiers they keep, and the addresses that rest.
    public mutating func remember(_ inventory: InventorySnapshot, at now: Timestamp) {
        quarantined = inventory.quarantined(at: now)
        let peers = inventory.peers
        knownID = { interface, key in peers[PeerID(interface: interface, publicKey: key)]?.id }
    }
}
