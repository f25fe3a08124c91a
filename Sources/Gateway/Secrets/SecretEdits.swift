public import Credentials
public import Manifest
public import Model

/// Changes of sealed values and of who can open them, gathered on one tree: whatever it is, it becomes one commit.
public struct SecretEdits {
    private let tree: ManifestTree
    private var edits: [String: [Edit]] = [:]
    private var newFiles: [FileChange] = []

    /// No change yet.
    public init(_ tree: ManifestTree) {
        self.tree = tree
    }

    /// Writes a value into a field.
    ///
    /// - Throws: ``SecretFailure`` when the object is not there.
    public mutating func set(_ field: SealedField, to text: String) throws(SecretFailure) {
        guard let place = tree.place(of: field.object) else {
            throw SecretFailure("\(field.object) is not in the repository")
        }
        edits[place.path, default: []].append(
            .set(document: place.document, path: field.path, value: .string(text)))
    }

    /// Seals every sealed value again that is not sealed to exactly these recipients.
    ///
    /// - Parameters:
    ///   - recipients: who can open them afterwards.
    ///   - opener: opens the present values; asked for only where there is one to open.
    ///   - selected: which fields are looked at; those that are already right are left alone.
    ///   - old: the place that a field's value was sealed for, where that is not the field's own.
    /// - Returns: the fields that were sealed again.
    /// - Throws: ``SecretFailure`` with every value that does not open. Nothing is changed then.
    public mutating func reseal(
        to recipients: [Recipient], with opener: () throws(SecretFailure) -> SecretOpener,
        where selected: (SealedField) -> Bool = { _ in true },
        from old: (SealedField) -> SecretContext? = { _ in nil }
    ) throws(SecretFailure) -> [SealedField] {
        let sealer = try Sealer(recipients: recipients)
        var done: [SealedField] = []
        var failures: [String] = []
        var opened: SecretOpener?
        for field in tree.sealedFields where selected(field) {
            guard let text = field.sealed else { continue }
            let source = old(field)
            if source == nil, sealer.isSealedToAll(text) { continue }
            let keys: SecretOpener
            if let opened { keys = opened } else { keys = try opener() }
            opened = keys
            do throws(SecretFailure) {
                let again = try sealer.reseal(text, from: source ?? field.context, to: field.context, with: keys)
                try set(field, to: again)
                done.append(field)
            } catch {
                failures.append("\(field.label): \(error)")
            }
        }
        guard failures.isEmpty else {
            let more = failures.count > 5 ? "; and \(failures.count - 5) more" : ""
            throw SecretFailure(
                "\(failures.count) sealed values don't open, so nothing was sealed again: "
                    + failures.prefix(5).joined(separator: "; ") + more)
        }
        return done
    }

    /// Adds recipients at the end of the list; makes the document where there is none.
    public mutating func add(_ recipients: [Recipient]) {
        let values = recipients.map { recipient in
            EditValue.map([
                EditField("name", .string(recipient.name)), EditField("key", .string(recipient.key.description)),
                EditField("role", .string(recipient.role.rawValue)),
            ])
        }
        if let place = tree.place(of: .recipients) {
            edits[place.path, default: []] += values.map {
                .append(document: place.document, path: ["recipients"], value: $0)
            }
            return
        }
        let document = EditValue.map([
            EditField("kind", .string("Recipients")), EditField("recipients", .list(values)),
        ])
        var path = "recipients.yaml"
        var number = 1
        while tree.file(at: path) != nil {
            number += 1
            path = "recipients-\(number).yaml"
        }
        newFiles.append(FileChange(path: path, content: ManifestEditor.newFile([document])))
    }

    /// Removes a recipient, by its index in the list.
    public mutating func removeRecipient(_ index: Int) {
        guard let place = tree.place(of: .recipients) else { return }
        edits[place.path, default: []].append(
            .removeItem(document: place.document, path: ["recipients"], index: index))
    }

    /// Gives a recipient, by its index in the list, another key.
    public mutating func setKey(ofRecipient index: Int, to key: PublicKey) {
        guard let place = tree.place(of: .recipients) else { return }
        edits[place.path, default: []].append(
            .set(
                document: place.document, path: ["recipients", String(index), "key"],
                value: .string(key.description)))
    }

    /// The files as they become; nil when there is nothing to change.
    ///
    /// - Throws: `EditRefusal`, and what reading a file throws.
    public func change(subject: String, body: String = "") throws -> TreeChange? {
        var files = newFiles
        for (path, edits) in edits.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            guard let bytes = try tree.bytes(of: path) else { throw SecretFailure("\(path) is not in the repository") }
            files.append(FileChange(path: path, content: try ManifestEditor.apply(edits, to: bytes, path: path)))
        }
        guard !files.isEmpty else { return nil }
        return TreeChange(subject: Self.clipped(subject), body: body, files: files)
    }

    /// The subject of a commit in its 72 columns.
    private static func clipped(_ text: String) -> String {
        text.unicodeScalars.count <= 72
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(71))) + "…"
    }
}
