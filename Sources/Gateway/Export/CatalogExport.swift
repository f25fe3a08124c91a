import Credentials
public import Manifest
import Model
public import Reconciler

/// Every object of a repository as one list of documents: sorted by kind and name, fields in the order of their tables,
/// identifiers filled in, sealed values as they are. The same objects give the same bytes, whatever files they stand in.
public struct CatalogExport: Sendable {
    /// The documents.
    public let documents: [EditValue]

    /// An export of a tree.
    ///
    /// - Parameters:
    ///   - interfaces: only these with their peers; nil: everything.
    ///   - known: the identifier of a peer whose document gives none; where that is nil, too, it is derived.
    /// - Throws: ``GatewayFailure`` when a file can't be read, or holds a value that can't be written again.
    public init(
        _ tree: ManifestTree, only interfaces: Set<String>? = nil, known: (PeerID) -> String?
    ) throws(GatewayFailure) {
        let identifier = { (interface: String, key: PublicKey) -> String in
            known(PeerID(interface: interface, publicKey: key))
                ?? PeerIdentity.implied(interface: interface, key, in: tree)
        }
        var entries: [(key: [String], document: EditValue)] = []
        for path in tree.paths {
            let bytes: [UInt8]?
            do { bytes = try tree.bytes(of: path) } catch { throw .failed("\(path) can't be read: \(error)") }
            for document in SyntaxTree(path: path, bytes: bytes ?? []).documents {
                do throws(EditRefusal) {
                    guard case .map(let fields) = try EditValue(document.root) else { continue }
                    let entry = Self.entry(fields, identifier)
                    if let interfaces, !interfaces.contains(entry.interface) { continue }
                    entries.append((entry.key, entry.document))
                } catch {
                    throw .failed("\(path):\(error.position.line): \(error.message)")
                }
            }
        }
        entries.sort { Self.precedes($0.key, $1.key) }
        documents = entries.map(\.document)
    }

    /// The documents as one YAML file.
    public var yaml: [UInt8] { ManifestEditor.newFile(documents) }

    /// The documents as one JSON document.
    public func json(revision: String) -> [UInt8] {
        JSONValue.object([
            ("document", .string("export")), ("revision", .string(revision)),
            ("objects", .array(documents.map(Self.json))),
        ]).document()
    }

    private static func json(_ value: EditValue) -> JSONValue {
        switch value {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .string(let text): .string(text)
        case .list(let items): .array(items.map(json))
        case .map(let fields): .object(fields.map { ($0.key, json($0.value)) })
        }
    }

    private static let firstKinds = ["Settings", "Recipients", "Interface", "Peer"]

    private static func entry(
        _ fields: [EditField], _ identifier: (String, PublicKey) -> String
    ) -> (key: [String], interface: String, document: EditValue) {
        var values: [String: EditValue] = [:]
        for field in fields { values[field.key] = field.value }
        let text = { (key: String) -> String in if case .string(let text)? = values[key] { text } else { "" } }
        let kind = text("kind")
        values["kind"] = nil
        // The only version there is.
        values["apiVersion"] = nil
        if kind == "Peer", values["id"] == nil, let key = PublicKey(text("public_key")) {
            values["id"] = .string(identifier(text("interface"), key))
        }
        let order = Manifest.fields(of: kind).map(\.name)
        let known = order.compactMap { name in values[name].map { EditField(name, $0) } }
        let rest = values.keys.filter { !order.contains($0) }.sorted().compactMap { name in
            values[name].map { EditField(name, $0) }
        }
        let rank = firstKinds.firstIndex(of: kind) ?? firstKinds.count
        return (
            ["\(rank)", kind, text("interface"), text("name")], kind == "Interface" ? text("name") : text("interface"),
            .map([EditField("kind", .string(kind))] + known + rest)
        )
    }

    private static func precedes(_ left: [String], _ right: [String]) -> Bool {
        for (a, b) in zip(left, right) where !a.utf8.elementsEqual(b.utf8) {
            return a.utf8.lexicographicallyPrecedes(b.utf8)
        }
        return false
    }
}
