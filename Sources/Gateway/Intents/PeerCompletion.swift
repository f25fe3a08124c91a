import Credentials
import Manifest
public import Model

extension Intent {
    /// Completes every peer whose document leaves out what can be made here: addresses, key pairs, preshared keys. One
    /// change for all of them; nothing where nothing is missing.
    ///
    /// - Parameters:
    ///   - now: what validation takes for now.
    ///   - host: who is named as the recipient of sealed values in a repository without any.
    public static func completePeers(
        now: Timestamp, host: @escaping HostRecipient = { nil }
    ) -> Intent {
        Intent { tree throws(GatewayFailure) in
            let result = tree.result(now: now, completion: .writeBack)
            guard !result.hasErrors else {
                throw .invalidRepository(result.problems.filter { $0.severity == .error }.map { $0.render() })
            }
            guard let first = result.missing.first else { return IntentOutcome(change: nil, object: .settings) }
            let change = try PeerCompletion(result.missing, host: host).change(of: tree)
            return IntentOutcome(change: change, object: first.peer)
        }
    }
}

/// The files of peers with what was missing in them.
private struct PeerCompletion {
    private let peers: [IncompletePeer]
    private let host: HostRecipient

    init(_ peers: [IncompletePeer], host: @escaping HostRecipient) {
        self.peers = peers
        self.host = host
    }

    func change(of tree: ManifestTree) throws(GatewayFailure) -> TreeChange {
        let needsSealing = peers.contains { $0.needsKeys || $0.needsPresharedKey }
        let sealing = needsSealing ? try Sealing(in: tree, host: host) : nil
        var edits: [String: [Edit]] = [:]
        var paths: [String] = []
        for peer in peers {
            guard let place = tree.place(of: peer.peer), let interface = peer.peer.interface,
                let declared = tree.peer(peer.peer.name, of: interface)
            else { continue }
            if edits[place.path] == nil { paths.append(place.path) }
            edits[place.path, default: []] += try fields(of: peer, declared, tree, sealing).map { field in
                .set(document: place.document, path: [field.key], value: field.value)
            }
        }
        var files: [FileChange] = []
        for path in paths {
            files.append(FileChange(path: path, content: try Self.apply(edits[path] ?? [], to: path, in: tree)))
        }
        if let file = sealing?.newFile { files.append(file) }
        return TreeChange(subject: subject, body: peers.map(\.summary).joined(separator: "\n"), files: files)
    }

    /// The fields to be written, in the order of the kind's table.
    private func fields(
        of peer: IncompletePeer, _ declared: Peer, _ tree: ManifestTree, _ sealing: Sealing?
    ) throws(GatewayFailure) -> [EditField] {
        var fields: [EditField] = []
        let keys = PeerKeys.made(for: peer.needsKeys ? nil : declared.publicKey)
        if declared.id == nil {
            let id = PeerIdentity.implied(interface: declared.interface, keys.publicKey, in: tree)
            fields.append(EditField("id", .string(id)))
        }
        if !peer.ip.isEmpty {
            let addresses = peer.ip.map { EditValue.string($0.description) }
            fields.append(EditField("ip", addresses.count == 1 ? addresses[0] : .list(addresses)))
        }
        if peer.needsKeys { fields.append(EditField("public_key", .string(keys.publicKey.description))) }
        guard let sealing else { return fields }
        if let privateKey = keys.privateKey {
            let value = try sealing.seal(privateKey, field: "private_key", publicKey: keys.publicKey)
            fields.append(EditField("private_key", value))
        }
        if peer.needsPresharedKey {
            let value = try sealing.seal(keys.presharedKey, field: "preshared_key", publicKey: keys.publicKey)
            fields.append(EditField("preshared_key", value))
        }
        return fields
    }

    /// All edits of a file at once: it is read once, however many peers it holds.
    private static func apply(
        _ edits: [Edit], to path: String, in tree: ManifestTree
    ) throws(GatewayFailure) -> [UInt8] {
        do {
            return try ManifestEditor.apply(edits, to: try tree.bytes(of: path) ?? [], path: path)
        } catch let refusal as EditRefusal {
            throw .conflict("\(refusal)")
        } catch {
            throw .failed("\(path) can't be read: \(error)")
        }
    }

    /// `Allocate ip for phone of wg0`, `Allocate ip and make keys for 50 peers`.
    private var subject: String {
        var parts: [String] = []
        if peers.contains(where: { !$0.ip.isEmpty }) { parts.append("Allocate ip") }
        if peers.contains(where: { $0.needsKeys || $0.needsPresharedKey }) {
            parts.append(parts.isEmpty ? "Make keys" : "make keys")
        }
        let first = peers[0].peer
        let who = peers.count == 1 ? "\(first.name) of \(first.interface ?? "")" : "\(peers.count) peers"
        return Subject.of("\(parts.joined(separator: " and ")) for \(who)")
    }
}
