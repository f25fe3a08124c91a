/// Why an edit was not done; nothing was changed.
public struct EditRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file, relative to the root of the repository.
    public internal(set) var path: String
    /// The place in the text before the edit.
    public internal(set) var position: SourcePosition
    /// What stands in the way.
    public let message: String
    /// What to do instead.
    public let suggestion: String?

    init(_ position: SourcePosition, _ message: String, path: String = "", suggestion: String? = nil) {
        self.path = path
        self.position = position
        self.message = message
        self.suggestion = suggestion
    }

    /// `path:line:column: message`, and the suggestion in a second, indented line, without control characters.
    public var description: String {
        var text = Printable.escaped(path) + ":\(position.line):\(position.column): " + Printable.escaped(message)
        if let suggestion { text += "\n    " + Printable.escaped(suggestion) }
        return text
    }

    /// The same in a text that has `lines` lines of `bytes` bytes before.
    func shifted(lines: Int, bytes: Int) -> EditRefusal {
        var shifted = self
        shifted.position = SourcePosition(
            offset: position.offset + bytes, line: position.line + lines, column: position.column)
        return shifted
    }
}
