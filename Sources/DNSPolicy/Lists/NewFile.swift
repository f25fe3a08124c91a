import Glibc

/// A file that comes into being beside the one it replaces. It vanishes unless it is installed.
final class NewFile {
    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private var isInstalled = false

    /// Begins a file, 0600, that is to stand at `path`. One that a crash left half written goes.
    init(replacing path: String) throws(ListFileFault) {
        self.path = path
        temporary = path + ".new"
        unsafe unlink(temporary)
        descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .last }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if !isInstalled { unsafe unlink(temporary) }
    }

    /// Appends bytes.
    func write(_ bytes: Span<UInt8>) throws(ListFileFault) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            guard count >= 0 || errno == EINTR else { throw .last }
            written += max(count, 0)
        }
    }

    /// Brings the file to disk and puts it in the place of the old one.
    func install() throws(ListFileFault) {
        guard fsync(descriptor) == 0, unsafe rename(temporary, path) == 0 else { throw .last }
        isInstalled = true
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let directory = unsafe open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .last }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw .last }
    }
}

extension ListFileFault {
    /// The failure of the system call just made.
    static var last: ListFileFault { unsafe .system(String(cString: strerror(errno)).lowercased()) }
}
