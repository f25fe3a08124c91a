/// Takes what may be a key out of text that people see. People paste keys into comments and wrong fields.
enum KeyMask {
    /// `text` with every run of 40 and more characters of base64 or hexadecimal replaced.
    static func masked(_ text: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        var run: [UInt8] = []
        func flush() {
            result += run.count >= 40 ? Array("<redacted>".utf8) : run
            run = []
        }
        for byte in text {
            if isKeyByte(byte) {
                run.append(byte)
            } else {
                flush()
                // `=` ends base64; behind a masked run it would tell nothing but look odd.
                result.append(byte)
            }
        }
        flush()
        return String(decoding: result, as: UTF8.self)
    }

    /// Whether a text holds a run that may be a key.
    static func mayHoldKey(_ text: some Sequence<UInt8>) -> Bool {
        var length = 0
        for byte in text {
            length = isKeyByte(byte) ? length + 1 : 0
            if length >= 40 { return true }
        }
        return false
    }

    private static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
