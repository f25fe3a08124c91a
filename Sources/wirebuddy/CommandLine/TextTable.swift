import Reconciler

/// Rows of text in columns, two spaces apart.
struct TextTable {
    private var rows: [[String]] = []

    init(_ heading: [String]) {
        rows.append(heading)
    }

    /// Adds a row; what comes from files is made safe to show.
    mutating func append(_ row: [String]) { rows.append(row.map(TerminalText.escaped)) }

    /// The text, with a final line break.
    func render(_ style: TextStyle) -> String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.unicodeScalars.count)
            }
        }
        var text = ""
        for (index, row) in rows.enumerated() {
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if column < row.count - 1 {
                    line += String(repeating: " ", count: widths[column] - cell.unicodeScalars.count + 2)
                }
            }
            text += (index == 0 ? style.paint(line, .heading) : line) + "\n"
        }
        return text
    }
}
