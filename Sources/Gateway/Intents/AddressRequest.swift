import Manifest
import Model

/// The addresses of one peer of an interface.
struct AddressRequest {
    let interface: String
    let peer: ObjectIdentity

    /// Free addresses, one per family of the interface, as they stand in the document.
    ///
    /// - Throws: ``GatewayFailure/conflict(_:)`` for a full pool.
    func allocate(in tree: ManifestTree) throws(GatewayFailure) -> EditValue {
        var allocator = tree.allocator(for: interface)
        do {
            let addresses = try allocator.allocate().map { EditValue.string($0.description) }
            return addresses.count == 1 ? addresses[0] : .list(addresses)
        } catch {
            throw .conflict("\(error): widen the address of interface \(interface) or remove peers")
        }
    }

    /// Refuses addresses that another peer has. Whether they belong to the interface is validated with the whole tree.
    func check(_ addresses: [IPAddress], in tree: ManifestTree) throws(GatewayFailure) {
        let allocator = tree.allocator(for: interface)
        let own = tree.peer(peer.name, of: interface)?.ip ?? []
        for address in addresses where !own.contains(address) && !allocator.isFree(address) {
            guard let other = tree.peers(of: interface).first(where: { $0.ip.contains(address) }) else { continue }
            throw .conflict("\(address) belongs to peer \(interface)/\(other.name): choose another address")
        }
    }
}
