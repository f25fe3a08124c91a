/// Where a resource or field stands in the configuration repository.
public struct SourceLocation: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The file, relative to the repository's root, with `/` between folders.
    public let path: String
    /// The line, from 1.
    public let line: Int
    /// The column in Unicode scalars, from 1.
    public let column: Int

    /// A place in a file.
    public init(path: String, line: Int, column: Int) {
        self.path = path
        self.line = line
        self.column = column
    }

    /// Orders by file, line and column.
    public static func < (a: Self, b: Self) -> Bool {
        a.path != b.path ? a.path < b.path : (a.line, a.column) < (b.line, b.column)
    }

    /// `path:line:column`.
    public var description: String { "\(path):\(line):\(column)" }
}
