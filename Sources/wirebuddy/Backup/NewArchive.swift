import Glibc
import Reconciler

/// The file that a backup is written to: for its owner only, there at once and whole, never in the place of another.
enum NewArchive {
    /// Whether a backup can be written there at all.
    ///
    /// - Throws: ``CommandFailure``.
    static func check(_ path: String) throws(CommandFailure) {
        if path == "-" {
            guard isatty(STDOUT_FILENO) == 0 else {
                throw CommandFailure(
                    .usage, "a backup holds keys and is not written to a terminal: name a file, or redirect the output")
            }
            return
        }
        var status = stat()
        guard unsafe lstat(path, &status) != 0 else { throw exists(path) }
    }

    /// Copies an archive there.
    ///
    /// - Throws: ``CommandFailure``; nothing is left then.
    static func write(_ archive: String, to path: String) throws(CommandFailure) {
        let source = unsafe open(archive, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw failure(archive) }
        defer { close(source) }
        if path == "-" { return try copy(source, to: STDOUT_FILENO, "standard output") }
        let temporary = "\(path).new-\(getpid())"
        unsafe unlink(temporary)
        let target = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw failure(path) }
        defer {
            close(target)
            unsafe unlink(temporary)
        }
        try copy(source, to: target, path)
        guard fsync(target) == 0 else { throw failure(path) }
        // Unlike rename(2) it replaces nothing, whoever made a file of that name meanwhile.
        guard unsafe link(temporary, path) != 0 else { return }
        guard errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS else {
            throw errno == EEXIST ? exists(path) : failure(path)
        }
        // A file system without links.
        try check(path)
        guard unsafe rename(temporary, path) == 0 else { throw failure(path) }
    }

    private static func copy(_ source: CInt, to target: CInt, _ name: String) throws(CommandFailure) {
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(source, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(name) }
            if count == 0 { return }
            var rest = chunk[..<count]
            while !rest.isEmpty {
                let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(target, $0.baseAddress, $0.count) }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw failure(name) }
                rest = rest.dropFirst(written)
            }
        }
    }

    private static func exists(_ path: String) -> CommandFailure {
        CommandFailure(.error, "\(path) is there already and is not overwritten: name a new file")
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure(.error, "\(path) can't be written: \(SystemError(errno))")
    }
}
