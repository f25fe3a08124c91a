/// Text in an HTML document.
enum HTMLText {
    /// `text` as content or as the value of an attribute in double quotes: nothing of it is markup. Characters that drive
    /// a terminal or turn the direction of writing are written out, as they are there.
    static func escaped(_ text: String) -> String {
        let text = TerminalText.escaped(text)
        guard text.utf8.contains(where: { special[$0] != nil }) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if let entity = special[byte] { bytes += Array(entity.utf8) } else { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let special: [UInt8: String] = [
        UInt8(ascii: "&"): "&amp;", UInt8(ascii: "<"): "&lt;", UInt8(ascii: ">"): "&gt;", UInt8(ascii: "\""): "&quot;",
        UInt8(ascii: "'"): "&#39;",
    ]
}
