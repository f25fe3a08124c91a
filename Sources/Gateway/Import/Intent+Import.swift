import Credentials
public import Manifest
public import Model

/// What is to be imported, and how.
public struct Importing: Sendable {
    /// The interfaces with their peers.
    public var interfaces: [ImportedInterface]
    /// Whether private keys of interfaces are sealed into the repository; otherwise they stay with the host.
    public var sealsInterfaceKeys = true
    /// The interfaces whose running link is to be taken over.
    public var adopt: Set<String> = []
    /// The text of an interface that nobody has edited yet, as `init` writes it: it makes room.
    public var untouched: [UInt8] = []

    /// An import of interfaces.
    public init(_ interfaces: [ImportedInterface]) {
        self.interfaces = interfaces
    }

    /// The files of an import: one per object.
    ///
    /// - Parameter host: who opens what is sealed, where the repository has no recipients.
    /// - Throws: ``GatewayFailure`` when an object is declared already, or a secret can't be sealed.
    public func change(of tree: ManifestTree, host: HostRecipient) throws(GatewayFailure) -> TreeChange {
        let sealing = hasSecrets ? try Sealing(in: tree, host: host) : nil
        var files = [sealing?.newFile].compactMap { $0 }
        for imported in interfaces {
            let identity = ObjectIdentity.interface(imported.interface.name)
            if let place = tree.place(of: identity) {
                guard isUntouched(place.path, imported.interface.name, tree) else {
                    throw .alreadyExists(
                        kind: identity.kind, name: identity.name, place: "\(place.path):\(place.position.line)")
                }
            }
            files += try self.files(of: imported, in: tree, sealing)
        }
        let names = interfaces.map(\.interface.name)
        let count = interfaces.reduce(0) { $0 + $1.peers.count }
        let peers = count == 0 ? "" : count == 1 ? " and a peer" : " and \(count) peers"
        let what = names.count == 1 ? "interface \(names[0])" : "\(names.count) interfaces"
        return TreeChange(
            subject: "Import \(what)\(peers)",
            body: interfaces.map { "\($0.interface.name) from \($0.origin)" }.joined(separator: "\n"),
            files: files)
    }

    private var hasSecrets: Bool {
        interfaces.contains { imported in
            sealsInterfaceKeys && imported.privateKey != nil || imported.peers.contains { $0.presharedKey != nil }
        }
    }

    private func files(
        of imported: ImportedInterface, in tree: ManifestTree, _ sealing: Sealing?
    ) throws(GatewayFailure) -> [FileChange] {
        let name = imported.interface.name
        let documents = ImportDocuments(
            imported: imported, adopt: adopt.contains(name), sealing: sealing)
        let sibling = tree.place(of: .settings)?.path
        let write = { (kind: String, path: String, document: EditValue) -> FileChange in
            let line = NewFile.modeline(kind: kind, for: path, like: sibling, in: tree)
            return FileChange(
                path: path, content: Array((line.map { "\($0)\n" } ?? "").utf8) + ManifestEditor.newFile([document]))
        }
        var files: [FileChange] = []
        // The untouched interface that makes room has its file for itself.
        let path = tree.place(of: .interface(name))?.path ?? NewFile.interface(name, in: tree)
        files.append(write("Interface", path, try documents.interface(withKey: sealsInterfaceKeys)))
        for peer in imported.peers {
            let label = Manifest.dnsName(of: peer.peer.name, publicKey: peer.peer.publicKey)
            let path = NewFile.peer(interface: name, label: label, in: tree)
            files.append(write("Peer", path, try documents.peer(peer)))
        }
        return files
    }

    /// Whether an interface stands as `init` wrote it, alone in its file and without peers.
    private func isUntouched(_ path: String, _ name: String, _ tree: ManifestTree) -> Bool {
        guard let bytes = try? tree.bytes(of: path), !untouched.isEmpty else { return false }
        return bytes == untouched && tree.peers(of: name).isEmpty
    }
}

extension Intent {
    /// Imports interfaces with their peers.
    ///
    /// - Parameter host: who opens what is sealed, where the repository has no recipients.
    public static func importing(_ importing: Importing, host: @escaping HostRecipient) -> Intent {
        Intent { tree throws(GatewayFailure) in
            IntentOutcome(
                change: try importing.change(of: tree, host: host),
                object: .interface(importing.interfaces.first?.interface.name ?? ""))
        }
    }
}
