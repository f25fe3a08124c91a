import Glibc

/// The text of a list.
enum ListText {
    /// Why it can't be read.
    struct Unreadable: Error {
        let path: String
        let code: CInt
    }

    /// The whole file, but no more than `limit` bytes.
    static func read(_ path: String, limit: Int) throws(Unreadable) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Unreadable(path: path, code: errno) }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while text.count < limit {
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            guard count >= 0 else { throw Unreadable(path: path, code: errno) }
            if count == 0 { break }
            text += piece[..<count]
        }
        return text
    }
}
