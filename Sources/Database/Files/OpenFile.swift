import Glibc

/// An open file descriptor, closed when it goes and never inherited by a program we start.
struct OpenFile: ~Copyable, Sendable {
    let descriptor: Int32

    /// Opens `path` (`open(2)`); interrupted calls are repeated.
    init(_ path: String, _ flags: Int32, mode: mode_t = 0) throws(FileFailure) {
        var descriptor: Int32
        repeat {
            descriptor = unsafe open(path, flags | O_CLOEXEC, mode)
        } while descriptor < 0 && errno == EINTR
        guard descriptor >= 0 else { throw .last }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Reads at most `limit` bytes from the beginning.
    func contents(limit: Int) throws(FileFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe pread(descriptor, &bytes, limit, 0)
        guard count >= 0 else { throw .last }
        return Array(bytes.prefix(count))
    }

    /// Makes `bytes` the whole contents.
    func replaceContents(_ bytes: [UInt8]) throws(FileFailure) {
        guard unsafe pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, ftruncate(descriptor, bytes.count) == 0
        else { throw .last }
    }

    /// Takes the lock of the open file (`flock(2)`) if it is free; false when somebody else has it.
    func tryLock(shared: Bool = false) throws(FileFailure) -> Bool {
        while flock(descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return false }
            guard errno == EINTR else { throw .last }
        }
        return true
    }

    /// Waits for the lock of the open file.
    func lock() throws(FileFailure) {
        while flock(descriptor, LOCK_EX) != 0 { guard errno == EINTR else { throw .last } }
    }

    /// Creates a directory and its missing parents, 0700, each on disk before this returns.
    static func makeDirectory(_ path: String) throws(FileFailure) {
        if unsafe mkdir(path, 0o700) == 0 {
            let parent = try OpenFile(parent(of: path), O_RDONLY | O_DIRECTORY)
            guard fsync(parent.descriptor) == 0 else { throw .last }
            return
        }
        switch errno {
        case EEXIST: return
        case ENOENT where parent(of: path) != path:
            try makeDirectory(parent(of: path))
            try makeDirectory(path)
        default: throw .last
        }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
