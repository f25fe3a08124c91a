import Glibc

/// Small files of the host: those of `/proc`, `/sys` and our own.
enum SmallFile {
    /// The contents up to `limit` bytes, or the error number.
    static func read(_ path: String, limit: Int = 1 << 20) -> Result<[UInt8], SystemError> {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(SystemError(errno)) }
        defer { close(descriptor) }
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while contents.count < limit {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return .failure(SystemError(errno))
            }
            if count == 0 { break }
            contents += chunk.prefix(count)
        }
        return .success(contents)
    }

    /// The contents as text, or nil when the file can't be read.
    static func text(_ path: String) -> String? {
        guard case .success(let bytes) = read(path) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// An error number of the kernel (`errno(3)`).
struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    let code: Int32

    init(_ code: Int32) {
        self.code = code
    }

    var description: String { unsafe String(cString: strerror(code)).lowercased() }
}
