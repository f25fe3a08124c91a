import Glibc

/// Writing whole files.
enum NewFile {
    /// Writes a file that doesn't exist, or replaces the content of one that does.
    static func write(
        _ bytes: [UInt8], to path: String, mode: mode_t = 0o644, isDurable: Bool = false, owner: FileOwner? = nil
    ) throws(FileFailure) {
        let file = try OpenFile(Array(path.utf8), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: mode)
        try file.write(bytes)
        if isDurable, fdatasync(file.descriptor) != 0 { throw .last }
        owner?.take(file)
    }
}

extension OpenFile {
    /// Writes all of `bytes`.
    func write(_ bytes: [UInt8]) throws(FileFailure) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0 {
                guard errno == EINTR else { throw .last }
                continue
            }
            written += count
        }
    }
}
