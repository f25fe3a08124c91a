/// A line of an import report: what was found, and where.
public struct ImportFinding: Sendable, Hashable {
    /// The file, or `kernel`.
    public let origin: String
    /// The line in the file, from 1; nil where there is none.
    public let line: Int?
    /// What was found and what became of it; never contains a key.
    public let text: String

    /// A finding.
    public init(origin: String, line: Int? = nil, _ text: String) {
        self.origin = origin
        self.line = line
        self.text = text
    }

    /// `file:line: text`.
    public var description: String { line.map { "\(origin):\($0): \(text)" } ?? "\(origin): \(text)" }
}

/// Why something can't be imported: every problem with its place.
public struct ImportFailure: Error, Sendable {
    /// The problems, in the order of the file.
    public let problems: [ImportFinding]

    /// A failure.
    public init(_ problems: [ImportFinding]) {
        self.problems = problems
    }
}
