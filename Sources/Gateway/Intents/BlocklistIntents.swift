import Manifest
import Model

extension Intent {
    /// Adds a blocklist in `dns/lists/<name>.yaml`.
    ///
    /// - Parameter fields: everything but the name: at least `format` and either `url` or `file`.
    public static func createBlocklist(_ name: String, fields: [FieldEdit]) -> Intent {
        Intent { tree throws(GatewayFailure) in
            let identity = ObjectIdentity.blocklist(name)
            if let place = tree.place(of: identity) {
                throw .alreadyExists(kind: identity.kind, name: name, place: "\(place.path):\(place.position.line)")
            }
            var values = try FieldEdit.values(fields, kind: identity.kind)
            values["name"] = .string(name)
            let order = Manifest.fields(of: identity.kind).map(\.name)
            let path = NewFile.blocklist(name, in: tree)
            let sibling =
                tree.blocklists.first.flatMap { tree.place(of: .blocklist($0.name)) }
                ?? tree.interfaces.first.flatMap { tree.place(of: .interface($0.name)) }
            var draft = Draft(tree)
            try draft.create(
                identity, at: path,
                modeline: NewFile.modeline(kind: identity.kind, for: path, like: sibling?.path, in: tree),
                order.compactMap { name in values[name].map { EditField(name, $0) } })
            let difference = ObjectDifference(kind: identity.kind, old: nil, new: try draft.root(identity))
            return IntentOutcome(
                change: TreeChange(
                    subject: Subject.of("Add blocklist \(name)"), body: difference.lines.joined(separator: "\n"),
                    files: try draft.files()),
                object: identity)
        }
    }

    /// Changes fields of a blocklist. Its name is its identity and stays.
    public static func updateBlocklist(_ name: String, _ edits: [FieldEdit]) -> Intent {
        Intent { tree throws(GatewayFailure) in
            try checkBlocklist(name, in: tree)
            let identity = ObjectIdentity.blocklist(name)
            for edit in edits {
                _ = try FieldDescription.named(edit.path[0], of: identity.kind)
                if edit.path == ["name"], edit.action != .set(.string(name)) {
                    throw .conflict(
                        "the name of a blocklist is its identity: add another one, and name that in the peers")
                }
            }
            var draft = Draft(tree)
            let old = try draft.root(identity)
            try draft.apply(edits, to: identity)
            let files = try draft.files()
            guard !files.isEmpty else { return IntentOutcome(change: nil, object: identity) }
            let difference = ObjectDifference(kind: identity.kind, old: old, new: try draft.root(identity))
            return IntentOutcome(
                change: TreeChange(
                    subject: Subject.of("Change blocklist \(name)", fields: difference.names),
                    body: difference.lines.joined(separator: "\n"), files: files),
                object: identity)
        }
    }

    /// Removes a blocklist. It is refused while peers name it: what they are filtered by would change without a word.
    public static func removeBlocklist(_ name: String) -> Intent {
        Intent { tree throws(GatewayFailure) in
            try checkBlocklist(name, in: tree)
            let peers = tree.peers().filter { $0.dns.blocklists?.contains(name) ?? false }
            guard peers.isEmpty else {
                let names = peers.prefix(3).map { "\($0.interface)/\($0.name)" }.joined(separator: ", ")
                let more = peers.count > 3 ? " and \(peers.count - 3) more" : ""
                throw .conflict(
                    "blocklist \(name) is named by dns.blocklists of \(names)\(more): take it out there first")
            }
            let identity = ObjectIdentity.blocklist(name)
            var draft = Draft(tree)
            let old = try draft.root(identity)
            try draft.remove([identity])
            return IntentOutcome(
                change: TreeChange(
                    subject: Subject.of("Remove blocklist \(name)"),
                    body: ObjectDifference(kind: identity.kind, old: old, new: nil).lines.joined(separator: "\n"),
                    files: try draft.files()),
                object: identity)
        }
    }

    private static func checkBlocklist(_ name: String, in tree: ManifestTree) throws(GatewayFailure) {
        guard tree.blocklist(name) == nil else { return }
        let similar = Manifest.closest(to: name, in: tree.blocklists.map(\.name)).map { [$0] }
        throw .notFound(kind: ResourceKind.blocklist.rawValue, name: name, similar: similar ?? [])
    }
}
