import Manifest
import Model

extension Intent {
    /// Changes the settings; a repository without a document of them gets `settings.yaml`.
    public static func updateSettings(_ edits: [FieldEdit]) -> Intent {
        Intent { tree throws(GatewayFailure) in
            let identity = ObjectIdentity.settings
            for edit in edits {
                _ = try FieldDescription.named(edit.path[0], of: identity.kind)
                try checkRepositoryID(edit, tree.settings)
            }
            var draft = Draft(tree)
            let old = tree.place(of: identity) == nil ? nil : try draft.root(identity)
            if old == nil {
                guard edits.contains(where: { $0.action != .remove }) else {
                    return IntentOutcome(change: nil, object: identity)
                }
                let path = NewFile.free("settings", in: tree)
                let sibling = tree.interfaces.first.flatMap { tree.place(of: .interface($0.name)) }
                try draft.create(
                    identity, at: path,
                    modeline: NewFile.modeline(kind: identity.kind, for: path, like: sibling?.path, in: tree), [])
            }
            for edit in edits { try draft.apply(edit, to: identity) }
            let files = try draft.files()
            guard !files.isEmpty else { return IntentOutcome(change: nil, object: identity) }
            let difference = ObjectDifference(kind: identity.kind, old: old, new: try draft.root(identity))
            return IntentOutcome(
                change: TreeChange(
                    subject: Subject.of(old == nil ? "Add settings" : "Change settings", fields: difference.names),
                    body: difference.lines.joined(separator: "\n"), files: files),
                object: identity)
        }
    }

    /// Sealed values and derived ids hang on the identity of the repository.
    private static func checkRepositoryID(_ edit: FieldEdit, _ settings: Settings) throws(GatewayFailure) {
        guard edit.path == ["repository_id"], let id = settings.repositoryID, edit.action != .set(.string(id)) else {
            return
        }
        throw .invalidFields(
            kind: "Settings", name: "",
            [InvalidField("repository_id", "repository_id is \(id) and stays: sealed values and ids hang on it")])
    }
}
