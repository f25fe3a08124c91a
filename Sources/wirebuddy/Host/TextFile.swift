import Glibc
import Reconciler

/// Files that a command writes for people, replaced at once.
enum TextFile {
    /// Makes `text` the contents of a file; missing directories above it are created.
    ///
    /// - Throws: ``CommandFailure`` that names the file and the reason. The old contents stand then.
    static func replace(
        _ path: String, with text: String, mode: mode_t = 0o644, directoryMode: mode_t = 0o755
    ) throws(CommandFailure) {
        try replace(path, with: Array(text.utf8), mode: mode, directoryMode: directoryMode)
    }

    /// Makes `bytes` the contents of a file; missing directories above it are created.
    ///
    /// - Throws: ``CommandFailure`` that names the file and the reason. The old contents stand then. Devices, pipes and
    ///   links are refused: they are not ours to replace.
    static func replace(
        _ path: String, with bytes: [UInt8], mode: mode_t = 0o644, directoryMode: mode_t = 0o755
    ) throws(CommandFailure) {
        var status = stat()
        guard unsafe lstat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            throw CommandFailure(.error, "\(path) can't be written: it is not a regular file")
        }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeDirectory(String(path[..<slash]), mode: directoryMode)
        }
        let temporary = "\(path).new-\(getpid())"
        // One that a killed process left, or that somebody put there: it is never written through.
        unsafe unlink(temporary)
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure(path) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw abandon(temporary, descriptor, path) }
            rest = rest.dropFirst(count)
        }
        // The process's umask is strict for secrets; a file may be meant for everybody.
        guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0, unsafe rename(temporary, path) == 0 else {
            throw abandon(temporary, descriptor, path)
        }
        close(descriptor)
    }

    /// Creates a directory and those above it.
    static func makeDirectory(_ path: String, mode: mode_t = 0o755) throws(CommandFailure) {
        if unsafe mkdir(path, mode) == 0 {
            unsafe chmod(path, mode)
            return
        }
        switch errno {
        case EEXIST: return
        case ENOENT:
            guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw failure(path) }
            try makeDirectory(String(path[..<slash]), mode: mode)
            try makeDirectory(path, mode: mode)
        default: throw failure(path)
        }
    }

    private static func abandon(_ temporary: String, _ descriptor: Int32, _ path: String) -> CommandFailure {
        let failure = failure(path)
        close(descriptor)
        unsafe unlink(temporary)
        return failure
    }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure(.error, "\(path) can't be written: \(SystemError(errno))")
    }
}
