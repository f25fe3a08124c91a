import Manifest
import Model

/// A document that goes by its name alone: what the intents of blocklists, access documents and forwards have in common.
struct NamedDocument {
    let identity: ObjectIdentity
    /// What people call the kind: `blocklist`.
    let noun: String

    private var words: String { "\(noun) \(identity.name)" }

    /// Adds the document in a file of its own.
    ///
    /// - Parameters:
    ///   - fields: everything but the name.
    ///   - names: the names of those that are there; a new file begins as theirs do.
    func create(
        _ fields: [FieldEdit], at path: String, beside names: [String], in tree: ManifestTree
    ) throws(GatewayFailure) -> IntentOutcome {
        if let place = tree.place(of: identity) {
            throw .alreadyExists(
                kind: identity.kind, name: identity.name, place: "\(place.path):\(place.position.line)")
        }
        var values = try FieldEdit.values(fields, kind: identity.kind)
        values["name"] = .string(identity.name)
        let required = ResourceKind(rawValue: identity.kind)?.required ?? []
        let missing = required.filter { values[$0] == nil }
        guard missing.isEmpty else {
            throw .invalidFields(
                kind: identity.kind, name: identity.name, missing.map { InvalidField($0, "\(words) needs \($0)") })
        }
        let order = Manifest.fields(of: identity.kind).map(\.name)
        let sibling =
            names.first.flatMap { tree.place(of: ObjectIdentity(kind: identity.kind, name: $0)) }
            ?? tree.interfaces.first.flatMap { tree.place(of: .interface($0.name)) }
        var draft = Draft(tree)
        try draft.create(
            identity, at: path,
            modeline: NewFile.modeline(kind: identity.kind, for: path, like: sibling?.path, in: tree),
            order.compactMap { name in values[name].map { EditField(name, $0) } })
        let difference = ObjectDifference(kind: identity.kind, old: nil, new: try draft.root(identity))
        return IntentOutcome(
            change: TreeChange(
                subject: Subject.of("Add \(words)"), body: difference.lines.joined(separator: "\n"),
                files: try draft.files()),
            object: identity)
    }

    /// Changes fields of the document. Its name is its identity and stays.
    ///
    /// - Parameter advice: what to do instead of another name.
    func update(
        _ edits: [FieldEdit], advice: String, in tree: ManifestTree
    ) throws(GatewayFailure) -> IntentOutcome {
        for edit in edits {
            _ = try FieldDescription.named(edit.path[0], of: identity.kind)
            if edit.path == ["name"], edit.action != .set(.string(identity.name)) {
                let article = noun.first.map("aeiou".contains) ?? false ? "an" : "a"
                throw .conflict("the name of \(article) \(noun) is its identity: \(advice)")
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
                subject: Subject.of("Change \(words)", fields: difference.names),
                body: difference.lines.joined(separator: "\n"), files: files),
            object: identity)
    }

    /// Removes the document.
    func remove(in tree: ManifestTree) throws(GatewayFailure) -> IntentOutcome {
        var draft = Draft(tree)
        let old = try draft.root(identity)
        try draft.remove([identity])
        return IntentOutcome(
            change: TreeChange(
                subject: Subject.of("Remove \(words)"),
                body: ObjectDifference(kind: identity.kind, old: old, new: nil).lines.joined(separator: "\n"),
                files: try draft.files()),
            object: identity)
    }

    /// Refuses a name that stands nowhere.
    ///
    /// - Parameter names: those that do.
    func check(among names: @autoclosure () -> [String], in tree: ManifestTree) throws(GatewayFailure) {
        guard tree.place(of: identity) == nil else { return }
        let similar = Manifest.closest(to: identity.name, in: names()).map { [$0] }
        throw .notFound(kind: identity.kind, name: identity.name, similar: similar ?? [])
    }
}
