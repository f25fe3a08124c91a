/// The words of a line of a table that people write: blanks part them, what stands in double quotes is one word, and `#`
/// at the begin of a word begins a comment.
public enum TableWords {
    /// The words of a line; nil: a quote is not closed.
    public static func words(of line: some Sequence<UInt8>) -> [String]? {
        var words: [String] = []
        var word: [UInt8]?
        var isQuoted = false
        for byte in line {
            if byte == UInt8(ascii: "\""), isQuoted || word == nil {
                isQuoted.toggle()
                if word == nil { word = [] }
            } else if !isQuoted, byte == 0x20 || byte == 0x09 || byte == 0x0D {
                if let end = word { words.append(String(decoding: end, as: UTF8.self)) }
                word = nil
            } else if !isQuoted, word == nil, byte == UInt8(ascii: "#") {
                return words
            } else {
                word = (word ?? []) + [byte]
            }
        }
        guard !isQuoted else { return nil }
        if let word { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }
}
