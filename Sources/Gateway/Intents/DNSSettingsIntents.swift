import Manifest
import Model

extension Intent {
    /// Changes the settings of the DNS forwarder; a repository without a document of them gets `dns/settings.yaml`, in
    /// which fields that are not named have their defaults: the forwarder runs from then on.
    public static func updateDNSSettings(_ edits: [FieldEdit]) -> Intent {
        Intent { tree throws(GatewayFailure) in
            let identity = ObjectIdentity.dnsSettings
            for edit in edits { _ = try FieldDescription.named(edit.path[0], of: identity.kind) }
            var draft = Draft(tree)
            let old = tree.place(of: identity) == nil ? nil : try draft.root(identity)
            if old == nil {
                let values = try FieldEdit.values(edits, kind: identity.kind)
                guard !values.isEmpty else { return IntentOutcome(change: nil, object: identity) }
                let order = Manifest.fields(of: identity.kind).map(\.name)
                let path = NewFile.dnsSettings(in: tree)
                let sibling = tree.interfaces.first.flatMap { tree.place(of: .interface($0.name)) }
                try draft.create(
                    identity, at: path,
                    modeline: NewFile.modeline(kind: identity.kind, for: path, like: sibling?.path, in: tree),
                    order.compactMap { name in values[name].map { EditField(name, $0) } })
            } else {
                try draft.apply(edits, to: identity)
            }
            let files = try draft.files()
            guard !files.isEmpty else { return IntentOutcome(change: nil, object: identity) }
            let difference = ObjectDifference(kind: identity.kind, old: old, new: try draft.root(identity))
            return IntentOutcome(
                change: TreeChange(
                    subject: Subject.of(
                        old == nil ? "Add DNS settings" : "Change DNS settings", fields: difference.names),
                    body: difference.lines.joined(separator: "\n"), files: files),
                object: identity)
        }
    }
}
