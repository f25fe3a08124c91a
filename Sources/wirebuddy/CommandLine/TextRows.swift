import Reconciler

/// Named values of one object, a line each.
struct TextRows {
    private var rows: [(name: String, value: String)] = []

    /// Adds a value, made safe to show; none where there is nothing to say.
    mutating func add(_ name: String, _ value: String?) {
        if let value, !value.isEmpty { rows.append((name, TerminalText.escaped(value))) }
    }

    /// The text, with a final line break.
    func render(_ style: TextStyle) -> String {
        let width = (rows.map(\.name.count).max() ?? 0) + 2
        return rows.map { row in
            style.paint(row.name, .heading) + String(repeating: " ", count: width - row.name.count) + row.value + "\n"
        }.joined()
    }
}
