import Glibc
public import Model

/// The file with the secret by which a forge signs what it tells us: one line, readable by its owner only.
public enum HookSecretFile {
    /// Shorter ones can be tried out.
    private static let leastLength = 16
    private static let limit = 4096

    /// The secret, without the line's end. A file that changes is read anew with the next call.
    ///
    /// - Throws: ``SecretFailure`` that names the file and what to do, never the content.
    public static func read(_ path: String) throws(SecretFailure) -> [UInt8] {
        let bytes: [UInt8]
        let status: stat
        do throws(FileFailure) {
            // Non-blocking, so that a named pipe is refused below instead of waited for.
            let file = try OpenFile(path, O_RDONLY | O_NONBLOCK)
            status = try file.status()
            bytes = status.st_mode & S_IFMT == S_IFREG ? try file.read(limit: limit + 1) : []
        } catch {
            throw SecretFailure("\(path) can't be read: \(error.reason)")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SecretFailure("\(path) is not a regular file") }
        guard status.st_uid == 0 || status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            let quoted = ShellWord.quoted(path)
            throw SecretFailure(
                "\(path) is open to others: run `chown root \(quoted) && chmod 600 \(quoted)`")
        }
        var secret = bytes[...]
        while let last = secret.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { secret.removeLast() }
        guard (leastLength...limit).contains(secret.count) else {
            throw SecretFailure(
                "\(path) holds a secret of \(secret.count) bytes: make one with `openssl rand -hex 32`, and give the"
                    + " forge the same")
        }
        return Array(secret)
    }
}
