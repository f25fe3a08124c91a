/// Where a rule stands: a line of a file of the repository, or of a list.
public struct RuleSource: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The path of the file, or the name of the list.
    public let origin: String
    /// The line, from 1.
    public let line: Int

    /// A line of a file or list.
    public init(origin: String, line: Int) {
        self.origin = origin
        self.line = line
    }

    /// Orders by origin, then line.
    public static func < (a: Self, b: Self) -> Bool { (a.origin, a.line) < (b.origin, b.line) }

    /// `dns/rules.yaml:12` or `ads:4711`.
    public var description: String { "\(origin):\(line)" }
}
