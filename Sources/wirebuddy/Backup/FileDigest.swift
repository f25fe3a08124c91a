import Credentials
import Glibc
import Model
import Reconciler

/// Regular files by their contents.
enum FileDigest {
    /// The size and the SHA-256 in hexadecimal digits, as `sha256sum` prints it.
    ///
    /// - Throws: ``CommandFailure`` that names the file.
    static func of(_ path: String) throws(CommandFailure) -> (bytes: Int, sha256: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure(.error, "\(path) can't be read: \(SystemError(errno))") }
        defer { close(descriptor) }
        var digest = SHA256Stream()
        var total = 0
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure(.error, "\(path) can't be read: \(SystemError(errno))") }
            if count == 0 { break }
            digest.update(chunk.span.extracting(first: count))
            total += count
        }
        return (total, digest.finish().description)
    }
}
