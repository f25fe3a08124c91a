import Model

/// A table as RFC 4180 writes it, with a line of headings. Its texts are no formulas to the programs that open it.
struct CommaSeparatedText: Sendable {
    /// The media type.
    static let contentType = "text/csv; charset=utf-8; header=present"

    /// A value of a cell.
    enum Cell: Sendable {
        case text(String)
        case number(Int64)
        case count(UInt64)
        case time(Timestamp)
        case empty
    }

    /// The table.
    private(set) var bytes: [UInt8] = []

    init(headings: [String]) {
        append(headings.map(Cell.text))
    }

    /// Appends a line.
    mutating func append(_ cells: [Cell]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            switch cell {
            case .text(let text): append(text)
            case .number(let number): bytes += String(number).utf8
            case .count(let count): bytes += String(count).utf8
            case .time(let time): bytes += time.description.utf8
            case .empty: break
            }
        }
        bytes += "\r\n".utf8
    }

    private mutating func append(_ text: String) {
        // A spreadsheet would calculate what begins so.
        let isFormula = text.utf8.first.map { Self.formulaStarts.contains($0) } ?? false
        let plain = (isFormula ? "'" : "") + text
        guard plain.utf8.contains(where: { Self.quoted.contains($0) }) else {
            bytes += plain.utf8
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in plain.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static let formulaStarts = Array("=+-@\t\r\n".utf8)
    private static let quoted = Array(",\"\r\n".utf8)
}
