import Glibc

/// Standard output without a buffer: whoever reads it waits for each line.
enum Output {
    static func line(_ text: String) {
        let bytes = Array("\(text)\n".utf8)
        unsafe write(STDOUT_FILENO, bytes, bytes.count)
    }
}
