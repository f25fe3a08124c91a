import Glibc
import Model

/// A file with one key in the base64 form of `wg`, readable by its owner only.
enum KeyFile {
    /// Reads the key. Errors name the file and never its content.
    ///
    /// - Throws: ``FileFailure`` when the file can't be opened or read, ``SecretFailure`` when it isn't a private file or
    ///   doesn't hold a key. `what` begins the message.
    static func read(_ path: String, what: String) throws -> SecretKey {
        // Non-blocking, so that a named pipe is refused below instead of waited for.
        let file = try OpenFile(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        let status = try file.status()
        guard status.st_mode & S_IFMT == S_IFREG else { throw SecretFailure("\(what): \(path) is not a regular file") }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw SecretFailure(
                "\(what): \(path) is open to group or others (mode 0\(mode)): run `chmod 600 \(ShellWord.quoted(path))`"
            )
        }
        var bytes = try file.read(limit: 64)
        defer { for index in bytes.indices { bytes[index] = 0 } }
        let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        guard let key = SecretKey(text: text) else {
            throw SecretFailure(
                "\(what): \(path) does not hold a key: expected 44 characters of base64 as `wg genkey` prints")
        }
        return key
    }
}
