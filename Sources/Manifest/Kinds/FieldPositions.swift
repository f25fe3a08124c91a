/// Where the values of an object's fields stand, for problems that are found later.
struct FieldPositions: Sendable {
    private struct Record {
        var field: UInt8
        /// 0 for the value itself, else the number of a list's element, counted from 1, or what ``item(_:of:)`` makes.
        var item: UInt32
        var line: UInt32
        var column: UInt32
    }

    private var records: [Record] = []

    /// What stands for element `item` (from 1; 0: the value itself) of a field inside a top-level one. Files have at
    /// most 16 MiB, so that no list has more elements than fit.
    static func item(_ item: Int, of innerField: Int) -> Int { (innerField + 1) << 24 | item }

    mutating func append(_ field: Int, item: Int = 0, _ position: SourcePosition) {
        if records.isEmpty { records.reserveCapacity(12) }
        records.append(
            Record(
                field: UInt8(truncatingIfNeeded: field), item: UInt32(truncatingIfNeeded: item),
                line: UInt32(truncatingIfNeeded: position.line), column: UInt32(truncatingIfNeeded: position.column)))
    }

    /// The places in a text that was moved down by some lines.
    func shifted(lines: Int) -> FieldPositions {
        var moved = self
        for index in moved.records.indices {
            moved.records[index].line = UInt32(truncatingIfNeeded: Int(moved.records[index].line) + lines)
        }
        return moved
    }

    /// The place of a field's value, or of element `item` (from 1) of its list where that is known.
    func position(of field: Int, item: Int = 0) -> SourcePosition? {
        var best: Record?
        for record in records where Int(record.field) == field {
            if Int(record.item) == item { best = record }
            if record.item == 0, best == nil { best = record }
        }
        return best.map { SourcePosition(offset: 0, line: Int($0.line), column: Int($0.column)) }
    }
}
