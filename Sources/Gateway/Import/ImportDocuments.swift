import Manifest
import Model

/// The documents of an imported interface: what differs from the defaults, in the order of the kinds' tables.
struct ImportDocuments {
    let imported: ImportedInterface
    /// Whether the document consents to the take-over of a running link.
    let adopt: Bool
    /// Nil where there is nothing to seal.
    let sealing: Sealing?

    /// The interface; its private key only if it is to be sealed.
    func interface(withKey: Bool) throws(GatewayFailure) -> EditValue {
        let interface = imported.interface
        var fields = [
            EditField("kind", .string("Interface")), EditField("name", .string(interface.name)),
            EditField("address", Self.list(interface.address)),
            EditField("listen_port", .integer(Int64(interface.listenPort))),
        ]
        if !interface.dns.isEmpty { fields.append(EditField("dns", Self.list(interface.dns))) }
        if !interface.dnsSearch.isEmpty { fields.append(EditField("dns_search", Self.list(interface.dnsSearch))) }
        if case .fixed(let mtu) = interface.mtu { fields.append(EditField("mtu", .integer(Int64(mtu)))) }
        if withKey, let key = imported.privateKey, let sealing {
            let context = SecretContext.interface(
                interface.name, field: "private_key", repositoryID: sealing.repositoryID)
            fields.append(EditField("private_key", .string(try sealing.seal(key, context))))
        }
        switch interface.table {
        case .auto: break
        case .off: fields.append(EditField("table", .string("off")))
        case .number(let table): fields.append(EditField("table", .integer(Int64(table))))
        }
        if interface.fwmark != 0 { fields.append(EditField("fwmark", .integer(Int64(interface.fwmark)))) }
        switch interface.masquerade {
        case .off: fields.append(EditField("masquerade", .boolean(false)))
        case .on: fields.append(EditField("masquerade", .boolean(true)))
        case .outputs(let links): fields.append(EditField("masquerade", Self.list(links)))
        }
        if let mode = interface.ipv6 { fields.append(EditField("ipv6", .string(mode.rawValue))) }
        if interface.isolatePeers { fields.append(EditField("isolate_peers", .boolean(true))) }
        if adopt { fields.append(EditField("adopt", .boolean(true))) }
        return .map(fields)
    }

    /// A peer. Its preshared key is sealed.
    func peer(_ imported: ImportedInterface.ImportedPeer) throws(GatewayFailure) -> EditValue {
        let peer = imported.peer
        var fields = [
            EditField("kind", .string("Peer")), EditField("name", .string(peer.name)),
            EditField("interface", .string(peer.interface)),
        ]
        // Without any allowed IP it gets an address, else an empty list says that it has none of its own.
        if !peer.ip.isEmpty || !peer.routes.isEmpty { fields.append(EditField("ip", Self.list(peer.ip))) }
        fields.append(EditField("public_key", .string(peer.publicKey.description)))
        if let key = imported.presharedKey, let sealing {
            fields.append(
                EditField(
                    "preshared_key", try sealing.seal(key, field: "preshared_key", publicKey: peer.publicKey)))
        }
        if !peer.routes.isEmpty { fields.append(EditField("routes", Self.list(peer.routes))) }
        if let endpoint = peer.endpoint { fields.append(EditField("endpoint", .string(endpoint.description))) }
        if let seconds = peer.persistentKeepalive {
            fields.append(EditField("persistent_keepalive", .integer(Int64(seconds))))
        }
        return .map(fields)
    }

    private static func list(_ values: [some CustomStringConvertible]) -> EditValue {
        values.count == 1 ? .string(values[0].description) : .list(values.map { .string($0.description) })
    }
}
