import Manifest

/// The text of values in commit messages and comparisons: one line, as short as it is clear.
enum ValueText {
    static func of(_ node: Node) -> String {
        switch node.content {
        case .scalar(let scalar): scalar.text
        case .list(let items): "[" + items.map(of).joined(separator: ", ") + "]"
        case .map(let entries): "{" + entries.map { "\($0.key.text): \(of($0.value))" }.joined(separator: ", ") + "}"
        case .unsupported: "…"
        }
    }

    static func of(_ value: EditValue) -> String {
        switch value {
        case .null: ""
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .string(let text): text
        case .list(let items): "[" + items.map(of).joined(separator: ", ") + "]"
        case .map(let fields): "{" + fields.map { "\($0.key): \(of($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    /// The elements of a list, or the one value that stands for it.
    static func elements(_ node: Node) -> [String] {
        if case .list(let items) = node.content { items.map(of) } else { [of(node)] }
    }

    /// On one line of a commit message.
    static func shortened(_ text: String) -> String {
        let line = text.replacing("\n", with: " ")
        return line.unicodeScalars.count <= 120
            ? line : String(String.UnicodeScalarView(line.unicodeScalars.prefix(119))) + "…"
    }
}
