public import Model

/// A problem of validation, as findings need it.
public struct DeclaredProblem: Sendable, Hashable {
    /// Where it stands; nil: it is about the whole.
    public var location: SourceLocation?
    /// Whether the configuration is applied all the same.
    public var isWarning: Bool
    /// The stable name of the kind of problem.
    public var code: String
    /// What is wrong.
    public var message: String
    /// What to write instead.
    public var suggestion: String?

    /// A problem.
    public init(
        location: SourceLocation?, isWarning: Bool, code: String, message: String, suggestion: String? = nil
    ) {
        self.location = location
        self.isWarning = isWarning
        self.code = code
        self.message = message
        self.suggestion = suggestion
    }

    /// A problem as revisions carry it, `path:line:column: error[code]: message` with the suggestion in further, indented
    /// lines. Any other text is an error without a place.
    public init(rendered text: String) {
        let form = /(?s)(.+?):(\d+):(\d+): (error|warning)\[([a-z0-9\-]+)\]: ([^\n]*)(?:\n(.*))?/
        guard let match = text.wholeMatch(of: form)?.output, let line = Int(match.2), let column = Int(match.3) else {
            self.init(location: nil, isWarning: false, code: "invalid", message: text)
            return
        }
        let suggestion = match.7.map {
            $0.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.hasPrefix("    ") ? $0.dropFirst(4) : $0 }.joined(separator: "\n")
        }
        self.init(
            location: SourceLocation(path: String(match.1), line: line, column: column),
            isWarning: match.4 == "warning", code: String(match.5), message: String(match.6), suggestion: suggestion)
    }
}

extension FindingList {
    /// Adds a problem of validation. Warnings can be acknowledged.
    public mutating func add(_ problem: DeclaredProblem) {
        add(
            "validate/\(problem.code)", problem.isWarning ? .warning : .error, message: problem.message,
            suggestion: problem.suggestion, location: problem.location, canBeAcknowledged: problem.isWarning)
    }
}
