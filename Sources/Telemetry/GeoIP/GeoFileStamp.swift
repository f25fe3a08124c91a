import Glibc

/// What tells one state of a file from another. Equal stamps mean equal contents, but for a file that is being written.
struct GeoFileStamp: Equatable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    /// The size in bytes.
    let size: Int64
    private let modified: [Int]
    private let changed: [Int]
    /// Whether it is a regular file.
    let isRegular: Bool

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
        changed = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }

    /// The state of the file of that name; nil: there is none that can be seen.
    init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The state of an open file.
    init(descriptor: Int32) throws(GeoFileFault) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system("fstat") }
        self.init(status)
    }
}
