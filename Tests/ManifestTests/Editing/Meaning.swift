import Manifest

/// What a text means, and what an edit does to a meaning: written apart from the editor. Mappings have no order.
indirect enum Meaning: Equatable {
    case scalar(ScalarValue, [UInt8])
    case list([Meaning])
    case map([String: Meaning])

    init(_ node: Node) {
        switch node.content {
        case .scalar(let scalar):
            switch scalar.value {
            case .string, .number, .ambiguous: self = .scalar(scalar.value, Array(scalar.text.utf8))
            default: self = .scalar(scalar.value, [])
            }
        case .list(let items): self = .list(items.map(Meaning.init))
        case .map(let entries):
            self = .map(Dictionary(uniqueKeysWithValues: entries.map { ($0.key.text, Meaning($0.value)) }))
        case .unsupported: self = .scalar(.string, [])
        }
    }

    init(_ value: EditValue) {
        switch value {
        case .null: self = .scalar(.null, [])
        case .boolean(let value): self = .scalar(.boolean(value), [])
        case .integer(let value): self = .scalar(.integer(value), [])
        case .string(let text): self = .scalar(.string, Array(text.utf8))
        case .list(let items): self = .list(items.map(Meaning.init))
        case .map(let fields):
            self = .map(Dictionary(uniqueKeysWithValues: fields.map { ($0.key, Meaning($0.value)) }))
        }
    }

    /// The documents of a text.
    static func documents(_ tree: SyntaxTree) -> [Meaning] { tree.documents.map { Meaning($0.root) } }

    /// The documents after an edit; nil if it can't be done to them.
    static func apply(_ edit: Edit, to documents: [Meaning]) -> [Meaning]? {
        var documents = documents
        func change(_ document: Int, _ path: [String], _ change: (Meaning?) -> Meaning?) -> Bool {
            guard let new = documents[document].changing(path[...], change) else { return false }
            documents[document] = new
            return true
        }
        switch edit {
        case .set(let document, let path, let value):
            guard change(document, path, { _ in Meaning(value) }) else { return nil }
        case .remove(let document, let path): documents[document] = documents[document].removing(path[...])
        case .append(let document, let path, let value):
            let isDone = change(document, path) { old in
                let new = Meaning(value)
                switch old {
                case nil, .scalar(.null, _): return .list([new])
                case .list(let items): return .list(items.contains(new) ? items : items + [new])
                case .map: return nil
                case .some(let old): return old == new ? old : .list([old, new])
                }
            }
            guard isDone else { return nil }
        case .removeItem(let document, let path, let index):
            documents[document] = documents[document].removing((path + [String(index)])[...])
        case .addDocument(let value): documents.append(Meaning(value))
        case .removeDocument(let document): documents.remove(at: document)
        }
        return documents
    }

    private func changing(_ path: ArraySlice<String>, _ change: (Meaning?) -> Meaning?) -> Meaning? {
        guard let step = path.first else { return change(self) }
        switch self {
        case .map(var fields):
            let old = fields[step] ?? (path.count > 1 ? .map([:]) : nil)
            guard let new = path.count > 1 ? old?.changing(path.dropFirst(), change) : change(old) else { return nil }
            fields[step] = new
            return .map(fields)
        case .list(var items):
            guard let index = Int(step), items.indices.contains(index),
                let new = items[index].changing(path.dropFirst(), change)
            else { return nil }
            items[index] = new
            return .list(items)
        case .scalar(.null, _): return Meaning.map([:]).changing(path, change)
        case .scalar: return nil
        }
    }

    private func removing(_ path: ArraySlice<String>) -> Meaning {
        guard let step = path.first else { return self }
        switch self {
        case .map(var fields):
            fields[step] = path.count > 1 ? fields[step]?.removing(path.dropFirst()) : nil
            return .map(fields)
        case .list(var items):
            guard let index = Int(step), items.indices.contains(index) else { return self }
            if path.count > 1 {
                items[index] = items[index].removing(path.dropFirst())
            } else {
                items.remove(at: index)
            }
            return .list(items)
        case .scalar: return self
        }
    }
}
