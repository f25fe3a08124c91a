import Glibc

/// A failed system call, kept before anything else can change `errno`.
struct FileFailure: Error {
    let code: Int32

    /// The failure of the call just made.
    static var last: FileFailure { FileFailure(code: errno) }

    /// What the system says, in lower case.
    var reason: String { unsafe String(cString: strerror(code)).lowercased() }
}

/// An open file descriptor, closed when it goes.
struct OpenFile: ~Copyable {
    let descriptor: Int32

    /// Opens `path` (`open(2)`); interrupted calls are repeated.
    init(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(FileFailure) {
        try self.init(in: AT_FDCWD, path, flags, mode: mode)
    }

    /// Opens `name` below an open directory (`openat(2)`).
    init(in directory: Int32, _ name: String, _ flags: Int32, mode: mode_t = 0) throws(FileFailure) {
        var descriptor: Int32
        repeat {
            descriptor = unsafe openat(directory, name, flags | O_CLOEXEC, mode)
        } while descriptor < 0 && errno == EINTR
        guard descriptor >= 0 else { throw .last }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The file's attributes.
    func status() throws(FileFailure) -> stat {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .last }
        return status
    }

    /// Reads at most `limit` bytes.
    func read(limit: Int) throws(FileFailure) -> [UInt8] {
        var failure: FileFailure?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            while count < limit {
                let got = unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), limit - count)
                if got == 0 { return }
                if got < 0 {
                    if errno == EINTR { continue }
                    failure = .last
                    return
                }
                count += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all of `bytes` and waits until they are on disk.
    func writeDurably(_ bytes: [UInt8]) throws(FileFailure) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
            }
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw .last
            }
            written += count
        }
        guard fsync(descriptor) == 0 else { throw .last }
    }
}
