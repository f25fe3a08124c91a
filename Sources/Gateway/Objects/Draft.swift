import Manifest
import Model

/// A tree while an intent changes it.
struct Draft {
    /// The tree with the changes so far.
    private(set) var tree: ManifestTree
    private let original: ManifestTree
    private var changed: [String] = []
    private var isChanged: Set<String> = []

    init(_ tree: ManifestTree) {
        self.tree = tree
        original = tree
    }

    /// The files that differ from the original, in the order they were touched.
    func files() throws(GatewayFailure) -> [FileChange] {
        var files: [FileChange] = []
        for path in changed {
            let (old, new) = (try Self.bytes(path, original), try Self.bytes(path, tree))
            if old != new { files.append(FileChange(path: path, content: new)) }
        }
        return files
    }

    /// The document of an object.
    func root(_ identity: ObjectIdentity) throws(GatewayFailure) -> Node {
        let place = try place(identity)
        return try documents(place.path)[place.document].root
    }

    /// A part of a document: its root, or what a path of keys and numbers of items leads to.
    func root(at place: ObjectPlace, _ path: [String]) throws(GatewayFailure) -> Node {
        let documents = try documents(place.path)
        let root = documents.indices.contains(place.document) ? documents[place.document].root : nil
        let found = path.reduce(root) { node, key in
            guard case .list(let items)? = node?.content, let index = Int(key) else { return node?[key] }
            return items.indices.contains(index) ? items[index] : nil
        }
        guard let found else { throw .failed("\(place.path) is not what it was a moment ago") }
        return found
    }

    /// Edits the document of an object; a refused value is a failure that names its field.
    mutating func edit(_ place: ObjectPlace, _ edits: [Edit], for identity: ObjectIdentity) throws(GatewayFailure) {
        try rewrite(place.path, edits, for: identity)
    }

    /// Writes a file with one new document.
    ///
    /// - Parameter object: what it is made for, where that is only a part of it.
    mutating func create(
        _ identity: ObjectIdentity, at path: String, modeline: String?, _ fields: [EditField],
        for object: ObjectIdentity? = nil
    ) throws(GatewayFailure) {
        let text = ManifestEditor.newFile([.map([EditField("kind", .string(identity.kind))] + fields)])
        try put(path, Array((modeline.map { "\($0)\n" } ?? "").utf8) + text, for: object ?? identity)
    }

    /// Writes a file beside those of the object.
    mutating func add(_ file: FileChange) {
        touch(file.path)
        tree.replace(path: file.path, bytes: file.content)
    }

    /// Removes the documents of objects, and with the last document of a file the file. Each file is edited once.
    mutating func remove(_ identities: [ObjectIdentity]) throws(GatewayFailure) {
        var paths: [String] = []
        var removals: [String: [(document: Int, identity: ObjectIdentity)]] = [:]
        for identity in identities {
            let place = try place(identity)
            if removals[place.path] == nil { paths.append(place.path) }
            removals[place.path, default: []].append((place.document, identity))
        }
        for path in paths {
            // From the end, so that the numbers of those before stay.
            let documents = (removals[path] ?? []).sorted { $0.document > $1.document }
            try remove(documents.map { .removeDocument($0.document) }, from: path, for: documents[0].identity)
        }
    }

    /// Edits a file so that something of it goes, and with its last document the file.
    mutating func remove(_ edits: [Edit], from path: String, for identity: ObjectIdentity) throws(GatewayFailure) {
        let gone = edits.count { if case .removeDocument = $0 { true } else { false } }
        guard gone > 0, try documents(path).count == gone else { return try rewrite(path, edits, for: identity) }
        touch(path)
        tree.replace(path: path, bytes: nil)
    }

    func place(_ identity: ObjectIdentity) throws(GatewayFailure) -> ObjectPlace {
        guard let place = tree.place(of: identity) else {
            throw .notFound(
                kind: identity.kind, name: identity.interface.map { "\($0)/\(identity.name)" } ?? identity.name,
                similar: [])
        }
        return place
    }

    private func documents(_ path: String) throws(GatewayFailure) -> [SyntaxDocument] {
        do {
            return try tree.documents(of: path) ?? []
        } catch {
            throw .failed("\(path) can't be read: \(error)")
        }
    }

    /// Edits a file; a refused value is a failure that names its field.
    mutating func rewrite(_ path: String, _ edits: [Edit], for identity: ObjectIdentity) throws(GatewayFailure) {
        guard !edits.isEmpty else { return }
        do {
            let text = try ManifestEditor.apply(
                edits, to: try Self.bytes(path, tree) ?? [], path: path, known: tree.file(at: path))
            try put(path, text, for: identity)
        } catch let refusal as EditRefusal {
            throw .conflict("\(refusal)")
        } catch let failure as GatewayFailure {
            throw failure
        } catch {
            throw .failed("\(path) can't be edited: \(error)")
        }
    }

    private mutating func put(_ path: String, _ bytes: [UInt8], for identity: ObjectIdentity) throws(GatewayFailure) {
        let known = Set(tree.file(at: path)?.problems.map(\.message) ?? [])
        touch(path)
        tree.replace(path: path, bytes: bytes)
        let problems =
            tree.file(at: path)?.problems.filter { $0.severity == .error && !known.contains($0.message) } ?? []
        guard problems.isEmpty else {
            let documents = SyntaxTree(path: path, bytes: bytes).documents
            throw .invalidFields(
                kind: identity.kind, name: identity.name,
                problems.map { problem in
                    InvalidField(
                        Self.field(at: problem, in: documents),
                        problem.message + (problem.suggestion.map { ": \($0)" } ?? ""))
                })
        }
    }

    private mutating func touch(_ path: String) {
        if isChanged.insert(path).inserted { changed.append(path) }
    }

    /// The field a problem stands in, also one of a rule among others; empty when it is about the document.
    private static func field(at problem: Problem, in documents: [SyntaxDocument]) -> String {
        for document in documents {
            guard let entry = entry(at: problem, in: document.root) else { continue }
            guard case .list(let items) = entry.value.content, entry.key.text == "rules" else { return entry.key.text }
            return items.lazy.compactMap { Self.entry(at: problem, in: $0) }.first?.key.text ?? ""
        }
        return ""
    }

    private static func entry(at problem: Problem, in node: Node) -> Entry? {
        guard case .map(let entries) = node.content else { return nil }
        let place = (problem.line, problem.column)
        return entries.first { entry in
            (entry.range.start.line, entry.range.start.column) <= place
                && place <= (entry.range.end.line, entry.range.end.column)
        }
    }

    private static func bytes(_ path: String, _ tree: ManifestTree) throws(GatewayFailure) -> [UInt8]? {
        do {
            return try tree.bytes(of: path)
        } catch {
            throw .failed("\(path) can't be read: \(error)")
        }
    }
}
