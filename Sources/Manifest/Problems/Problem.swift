/// One thing that is wrong in a configuration, with the place where it stands.
public struct Problem: Sendable, Hashable {
    /// How bad a problem is.
    public enum Severity: String, Sendable, Hashable {
        /// The configuration is not applied.
        case error
        /// The configuration is applied, but probably not what was meant.
        case warning
    }

    /// The file, relative to the root of the repository.
    public let path: String
    /// Line, counted from 1.
    public let line: Int
    /// Column, counted from 1 in Unicode scalars.
    public let column: Int
    /// Error or warning.
    public let severity: Severity
    /// The kind of problem; stable, for machines.
    public let code: ProblemCode
    /// What is wrong, with the object, the value and what is allowed; never contains a secret.
    public let message: String
    /// What to write instead: the line to paste or the command to run.
    public let suggestion: String?

    /// Makes a problem at `position` of the file `path`.
    public init(
        path: String, position: SourcePosition, severity: Severity = .error, code: ProblemCode, message: String,
        suggestion: String? = nil
    ) {
        self.path = path
        self.line = position.line
        self.column = position.column
        self.severity = severity
        self.code = code
        self.message = message
        self.suggestion = suggestion
    }
}

extension Problem: Comparable {
    /// By path, line, column, code and message, comparing the bytes of strings.
    public static func < (left: Problem, right: Problem) -> Bool {
        if !left.path.utf8.elementsEqual(right.path.utf8) {
            return left.path.utf8.lexicographicallyPrecedes(right.path.utf8)
        }
        if left.line != right.line { return left.line < right.line }
        if left.column != right.column { return left.column < right.column }
        if left.code != right.code {
            return left.code.rawValue.utf8.lexicographicallyPrecedes(right.code.rawValue.utf8)
        }
        return left.message.utf8.lexicographicallyPrecedes(right.message.utf8)
    }
}
