/// One document of a YAML stream.
public struct SyntaxDocument: Sendable {
    /// The value of the document.
    public let root: Node
    /// Whether the text of this document holds forms outside the supported subset (each reported as a problem).
    public let hasProblems: Bool

    /// Makes a document.
    public init(root: Node, hasProblems: Bool) {
        self.root = root
        self.hasProblems = hasProblems
    }
}

/// What stands in one file, before any kind or field is looked at.
public struct SyntaxTree: Sendable {
    /// The documents that could be read, in order; empty documents are left out.
    public let documents: [SyntaxDocument]
    /// What is wrong with the text, in order.
    public let problems: [Problem]
    /// Whether a part of the text could not be read, so that there may be more documents than `documents` holds.
    public let isComplete: Bool

    /// Reads a text: JSON if the file's name ends in `.json`, else YAML.
    ///
    /// Never fails as a whole: after a broken document reading goes on at the next `---`.
    ///
    /// - Parameters:
    ///   - path: the name shown in problems.
    ///   - bytes: the text; UTF-8 of at most 16 MiB.
    public init(path: String, bytes: [UInt8]) {
        let source: SourceText
        switch SourceText.check(bytes) {
        case .failure(let error):
            documents = []
            problems = [error.problem(path: path)]
            isComplete = false
            return
        case .success(let checked): source = checked
        }
        guard !path.utf8.reversed().starts(with: "nosj.".utf8) else {
            var reader = JSONReader(source)
            let document = reader.read()
            documents = document.map { [$0] } ?? []
            problems = reader.errors.map { $0.problem(path: path) }
            isComplete = document != nil
            return
        }
        var reader = YAMLReader(source)
        reader.readStream()
        documents = reader.documents
        problems = reader.errors.map { $0.problem(path: path) }
        isComplete = reader.isComplete
    }
}

extension SyntaxError {
    func problem(path: String) -> Problem {
        Problem(path: path, position: position, code: code, message: message, suggestion: suggestion)
    }
}
