/// A place in a source text.
///
/// `offset` is a byte offset from the start of the file (a byte order mark counts); `line` and `column` are
/// 1-based, and columns count Unicode scalars after the byte order mark.
public struct SourcePosition: Sendable, Hashable, Comparable {
    private let storedOffset: UInt32
    private let storedLine: UInt32
    private let storedColumn: UInt32

    /// Makes a position; every value must fit 32 bits (files are at most 16 MiB).
    public init(offset: Int, line: Int, column: Int) {
        storedOffset = UInt32(truncatingIfNeeded: offset)
        storedLine = UInt32(truncatingIfNeeded: line)
        storedColumn = UInt32(truncatingIfNeeded: column)
    }

    /// The first byte of a file without a byte order mark.
    public static let start = SourcePosition(offset: 0, line: 1, column: 1)

    /// Byte offset from the start of the file.
    public var offset: Int { Int(storedOffset) }
    /// Line, counted from 1.
    public var line: Int { Int(storedLine) }
    /// Column, counted from 1 in Unicode scalars.
    public var column: Int { Int(storedColumn) }

    /// Positions of one file are ordered by their byte offset.
    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        left.storedOffset < right.storedOffset
    }
}

/// A half-open piece of a source text: `start` belongs to it, `end` does not.
public struct SourceRange: Sendable, Hashable {
    /// The first byte.
    public let start: SourcePosition
    /// The first byte after the piece.
    public let end: SourcePosition

    /// Makes the range `start ..< end`.
    public init(start: SourcePosition, end: SourcePosition) {
        self.start = start
        self.end = end
    }

    /// The byte offsets, to slice the source text with.
    public var bytes: Range<Int> { start.offset..<max(start.offset, end.offset) }
}
