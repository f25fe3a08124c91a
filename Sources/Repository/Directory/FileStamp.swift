import Glibc

/// What changes whenever a file is written or replaced.
struct FileStamp: Hashable, Sendable {
    let modified: Int64
    /// The time of the last change of content or attributes; unlike the other one nobody can set it back (`cp -p`).
    let changed: Int64
    let size: Int64
    let inode: UInt64

    init(_ status: stat) {
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
        size = Int64(status.st_size)
        inode = UInt64(status.st_ino)
    }

    /// How long the kernel's time stamps may stand still: two writes within it can leave the same stamp.
    private static let granularity: Int64 = 20_000_000

    /// Whether a write that happens now could leave the same stamp. Then the stamp doesn't identify the content yet.
    var isYoung: Bool {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        let age = Self.nanoseconds(time) - changed
        return age >= 0 && age < Self.granularity
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
