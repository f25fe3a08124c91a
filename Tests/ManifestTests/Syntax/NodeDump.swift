import Manifest

/// A node tree as one line per value: its place, the source text of its range, and the value.
func dump(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    let tree = SyntaxTree(path: "t.yaml", bytes: bytes)
    var lines: [String] = []
    for document in tree.documents {
        lines.append("document")
        dump(document.root, bytes, "", into: &lines)
    }
    return lines + tree.problems.map { "\($0.line):\($0.column) \($0.code.rawValue)" }
}

private func dump(_ node: Node, _ bytes: [UInt8], _ indentation: String, into lines: inout [String]) {
    let start = "\(node.range.start.line):\(node.range.start.column)"
    let end = "\(node.range.end.line):\(node.range.end.column)"
    switch node.content {
    case .scalar(let scalar): lines.append("\(indentation)\(start)-\(end) \(scalar.style) \(escape(scalar.text))")
    case .unsupported: lines.append("\(indentation)\(start)-\(end) unsupported")
    case .list(let items):
        lines.append("\(indentation)\(start)-\(end) list")
        for item in items { dump(item, bytes, indentation + "  ", into: &lines) }
    case .map(let entries):
        lines.append("\(indentation)\(start)-\(end) map")
        for entry in entries {
            let place = "\(entry.key.range.start.line):\(entry.key.range.start.column)"
            lines.append("\(indentation)  \(place) \(escape(entry.key.text)):")
            dump(entry.value, bytes, indentation + "    ", into: &lines)
        }
    }
}

private func escape(_ text: String) -> String {
    "«" + text.replacing("\n", with: "\\n") + "»"
}

/// Every scalar of a tree, keys included, with the columns of the collections around it.
func scalars(of node: Node) -> [(scalar: Scalar, range: SourceRange)] {
    switch node.content {
    case .scalar(let scalar): [(scalar, node.range)]
    case .unsupported: []
    case .list(let items): items.flatMap(scalars(of:))
    case .map(let entries):
        entries.flatMap { entry in
            [(Scalar(text: entry.key.text, style: entry.key.style), entry.key.range)] + scalars(of: entry.value)
        }
    }
}
