/// A text that passed the checks which come before any parser: its size, its encoding and its characters.
struct SourceText: Sendable {
    /// The largest text that is read, in bytes.
    static let maximumSize = 16 << 20

    /// The whole text, byte order mark included.
    let bytes: [UInt8]
    /// Where the text begins: behind the byte order mark.
    let start: Int
    /// Whether every character is one byte.
    let isASCII: Bool

    /// Checks `bytes`; on failure returns what is wrong with the first offending place.
    static func check(_ bytes: [UInt8]) -> Result<SourceText, SyntaxError> {
        guard bytes.count <= maximumSize else {
            return .failure(
                SyntaxError(
                    .start, .fileTooLarge,
                    "the file has \(bytes.count) bytes; at most \(maximumSize) (16 MiB) are read",
                    suggestion: "split the file: any number of files and folders is allowed"))
        }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var check = CharacterCheck(offset: start)
        check.run(bytes.span)
        if let error = check.error { return .failure(error) }
        return .success(SourceText(bytes: bytes, start: start, isASCII: check.isASCII))
    }
}

/// Something in a text that is outside the supported subset.
struct SyntaxError: Error {
    let position: SourcePosition
    let code: ProblemCode
    let message: String
    let suggestion: String?

    init(_ position: SourcePosition, _ code: ProblemCode, _ message: String, suggestion: String? = nil) {
        self.position = position
        self.code = code
        self.message = message
        self.suggestion = suggestion
    }
}
