import Manifest

/// Random edits of a tree.
struct EditGenerator {
    var random: Random

    /// An edit of one of the documents; paths lead to fields and items that are there, or to new ones.
    mutating func edit(_ tree: SyntaxTree) -> Edit {
        let document = random.next(tree.documents.count)
        let root = tree.documents[document].root
        switch random.next(12) {
        case 0: return .addDocument(.map([EditField("kind", .string("Peer")), EditField("new", value(depth: 0))]))
        case 1: return .removeDocument(document)
        case 2, 3, 4: return .remove(document: document, path: path(root))
        case 5:
            return .append(
                document: document, path: random.next(3) == 0 ? newPath(root) : path(root), value: value(depth: 1))
        case 6, 7:
            guard let list = listPath(root) else { fallthrough }
            let index = random.next(list.count)
            return random.next(3) == 0
                ? .append(document: document, path: list.path, value: value(depth: 1))
                : .removeItem(document: document, path: list.path, index: index)
        case 8, 9: return .set(document: document, path: newPath(root), value: value(depth: 0))
        default: return .set(document: document, path: path(root), value: value(depth: 0))
        }
    }

    mutating func value(depth: Int) -> EditValue {
        switch random.next(depth < 2 ? 14 : 10) {
        case 0: return .null
        case 1: return .boolean(random.next(2) == 0)
        case 2: return .integer(Int64(random.next(70_000)) - 100)
        case 3...9: return .string(text())
        case 10, 11: return .list((0..<random.next(4)).map { _ in value(depth: depth + 1) })
        default:
            return .map(
                (0..<random.next(4)).map {
                    EditField(["a", "b: c", "ö", "no", "1"][random.next(5)] + "\($0)", value(depth: depth + 1))
                })
        }
    }

    static let texts = [
        "word", "no", "y", "012", "1:30", "10.8.0.2", "fd42:8::2", "a: b", "a #b", "#", "- x", "", " ", "it's", "\"",
        "\\",
        "[x]", "{", "a, b", "é", "📱", "tab\tx", "line\nline", "\u{202E}x", "\u{0}", "x ", " x", "---", "...", "... x",
        "~",
        "null", "1.5", "1e3", "0x1F", "2027-01-01", "2027-01-01T00:00:00Z", ".inf", "=", "<<", "%", "@", "`", "key:",
        "?x", "-",
        ":", "::", "a:b", "x#y", "\u{FEFF}", "\u{85}", "1_000", "+1", "e\u{301}", "sealed:v1:abc=", "\u{1F1E6}",
        "trailing \\",
    ]

    private mutating func text() -> String {
        let text = Self.texts[random.next(Self.texts.count)]
        switch random.next(8) {
        case 0: return text + Self.texts[random.next(Self.texts.count)]
        case 1: return "x" + text
        case 2: return String(repeating: text, count: 40)
        default: return text
        }
    }

    /// To a node that is there, not the root.
    private mutating func path(_ root: Node) -> [String] {
        var path: [String] = []
        var node = root
        while true {
            switch node.content {
            case .map(let entries) where !entries.isEmpty && (path.isEmpty || random.next(3) > 0):
                let entry = entries[random.next(entries.count)]
                path.append(entry.key.text)
                node = entry.value
            case .list(let items) where !items.isEmpty && (path.isEmpty || random.next(3) > 0):
                let index = random.next(items.count)
                path.append(String(index))
                node = items[index]
            default: return path.isEmpty ? ["new"] : path
            }
        }
    }

    private mutating func newPath(_ root: Node) -> [String] {
        var path = random.next(2) == 0 ? [] : path(root)
        if path.last.map({ Int($0) != nil }) ?? false { path.removeLast() }
        return path + (random.next(4) == 0 ? ["new", "newer"] : ["new"])
    }

    private mutating func listPath(_ root: Node) -> (path: [String], count: Int)? {
        var found: [(path: [String], count: Int)] = []
        func visit(_ node: Node, _ path: [String]) {
            switch node.content {
            case .list(let items):
                if !items.isEmpty { found.append((path, items.count)) }
                for index in items.indices { visit(items[index], path + [String(index)]) }
            case .map(let entries): for entry in entries { visit(entry.value, path + [entry.key.text]) }
            default: break
            }
        }
        visit(root, [])
        return found.isEmpty ? nil : found[random.next(found.count)]
    }
}
