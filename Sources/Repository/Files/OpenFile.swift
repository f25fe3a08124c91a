import Glibc

/// An open file descriptor, closed when it goes and never inherited by a program we start.
struct OpenFile: ~Copyable {
    let descriptor: Int32

    /// Opens `name` below an open directory (`openat(2)`); interrupted calls are repeated.
    init(in directory: Int32 = AT_FDCWD, _ name: [UInt8], _ flags: Int32, mode: mode_t = 0) throws(FileFailure) {
        let path = name.map(CChar.init(bitPattern:)) + [0]
        var descriptor: Int32
        repeat {
            descriptor = unsafe openat(directory, path, flags | O_CLOEXEC, mode)
        } while descriptor < 0 && errno == EINTR
        guard descriptor >= 0 else { throw .last }
        self.descriptor = descriptor
    }

    /// Takes over an open descriptor.
    init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The file's attributes.
    func status() throws(FileFailure) -> stat {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .last }
        return status
    }

    /// Reads from the present position to the end, at most `limit` bytes.
    func readToEnd(expecting count: Int, limit: Int) throws(FileFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        // One byte more than expected, so that the end is seen without growing.
        var room = min(max(count, 0) + 1, limit)
        while true {
            let start = bytes.count
            bytes += [UInt8](repeating: 0, count: room)
            var filled = start
            while filled < bytes.count {
                let end = bytes.count
                let got = unsafe bytes.withUnsafeMutableBytes {
                    unsafe read(descriptor, $0.baseAddress?.advanced(by: filled), end - filled)
                }
                if got == 0 {
                    bytes.removeLast(bytes.count - filled)
                    return bytes
                }
                if got < 0 {
                    guard errno == EINTR else { throw .last }
                    continue
                }
                filled += got
            }
            guard bytes.count < limit else { return bytes }
            room = min(bytes.count, limit - bytes.count)
        }
    }

    /// The absolute path without links (`realpath(3)`); nil when there is nothing.
    static func realPath(_ path: String) -> String? {
        guard let real = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    /// The attributes of a path; nil when there is nothing.
    static func status(of path: String, followingLinks: Bool = true) throws(FileFailure) -> stat? {
        var status = stat()
        let result = unsafe followingLinks ? stat(path, &status) : lstat(path, &status)
        if result == 0 { return status }
        guard errno == ENOENT || errno == ENOTDIR else { throw .last }
        return nil
    }
}

extension stat {
    /// Whether this is a directory.
    var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
    /// Whether this is a regular file.
    var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
    /// Whether this is a symbolic link.
    var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
}
