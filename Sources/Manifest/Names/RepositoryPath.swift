/// Paths of files below the root of the repository.
enum RepositoryPath {
    static let maximumLength = 1024

    /// Relative, `/` between folders, without `.`, `..`, `.git`, backslashes and control characters.
    static func isFile(_ text: String) -> Bool {
        guard (1...maximumLength).contains(text.unicodeScalars.count),
            text.unicodeScalars.allSatisfy({ !FreeText.isControl($0) && $0 != "\\" })
        else { return false }
        return text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && ![".", "..", ".git"].contains { part.elementsEqual($0.utf8) }
        }
    }
}
