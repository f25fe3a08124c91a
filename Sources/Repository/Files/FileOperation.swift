import Glibc

/// Operations on paths.
enum FileOperation {
    /// Whether something stands there.
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Why this process may not write there; nil when it may.
    static func objectionToWriting(_ path: String) -> FileFailure? {
        unsafe access(path, W_OK) == 0 ? nil : FileFailure.last
    }

    /// Removes a file, if there is one.
    static func remove(_ path: String) { _ = unsafe unlink(path) }

    /// Removes a folder, if it is there and empty.
    static func removeFolder(_ path: String) { _ = unsafe rmdir(path) }

    /// Makes a folder; false when something stands there already.
    static func makeFolder(_ path: String, mode: mode_t) throws(FileFailure) -> Bool {
        if unsafe mkdir(path, mode) == 0 { return true }
        guard errno == EEXIST else { throw .last }
        return false
    }

    /// Renames; what stands at the new name is replaced.
    static func rename(_ old: String, to new: String) throws(FileFailure) {
        guard unsafe Glibc.rename(old, new) == 0 else { throw .last }
    }

    /// Gives a file a second name that must be free.
    static func link(_ path: String, as name: String) throws(FileFailure) {
        guard unsafe Glibc.link(path, name) == 0 else { throw .last }
    }

    /// Brings everything written to the file system of a file to the disk (`syncfs(2)`).
    static func sync(_ file: borrowing OpenFile) throws(FileFailure) {
        guard let syncfs else { throw FileFailure(code: ENOSYS) }
        guard syncfs(file.descriptor) == 0 else { throw .last }
    }

    /// Whether no process has a file open: only then a write lease is given (`fcntl(2)`).
    static func isAbandoned(_ path: String) -> Bool {
        guard let file = try? OpenFile(Array(path.utf8), O_RDONLY | O_NOFOLLOW) else { return false }
        guard fcntl(file.descriptor, F_SETLEASE, F_WRLCK) == 0 else { return false }
        _ = fcntl(file.descriptor, F_SETLEASE, F_UNLCK)
        return true
    }

    /// `linux/fcntl.h`; hidden from Swift by its feature macro, like `syncfs`.
    private static let F_SETLEASE: Int32 = 1024
    private typealias Syncfs = @convention(c) (Int32) -> Int32
    private static let syncfs: Syncfs? = unsafe dlsym(nil, "syncfs").map { unsafe unsafeBitCast($0, to: Syncfs.self) }
}
