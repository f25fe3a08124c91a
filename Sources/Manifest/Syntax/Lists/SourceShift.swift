/// How far a part of a text has moved by what was changed above it.
struct SourceShift {
    var lines: Int
    var bytes: Int

    /// Whether it stands where it stood.
    var isNone: Bool { lines == 0 && bytes == 0 }
}

extension SourcePosition {
    func shifted(_ shift: SourceShift) -> SourcePosition {
        SourcePosition(offset: offset + shift.bytes, line: line + shift.lines, column: column)
    }
}

extension SourceRange {
    func shifted(_ shift: SourceShift) -> SourceRange {
        SourceRange(start: start.shifted(shift), end: end.shifted(shift))
    }
}

extension Node {
    func shifted(_ shift: SourceShift) -> Node {
        let moved: Content =
            switch content {
            case .scalar, .unsupported: content
            case .map(let entries): .map(entries.map { $0.shifted(shift) })
            case .list(let items): .list(items.map { $0.shifted(shift) })
            }
        return Node(moved, range: range.shifted(shift))
    }
}

extension Entry {
    func shifted(_ shift: SourceShift) -> Entry {
        Entry(
            key: Key(text: key.text, style: key.style, range: key.range.shifted(shift)), value: value.shifted(shift))
    }
}
