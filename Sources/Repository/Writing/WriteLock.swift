import Glibc

/// One writer at a time among all processes: `flock(2)`, which ends with the process. For a git repository on
/// `wirebuddy.lock` in its git directory, for a plain directory on the directory itself.
struct WriteLock: ~Copyable {
    private let file: OpenFile

    /// How long others are waited for.
    private static let patience = 30_000
    private static let pause = 5

    /// The lock of a git repository if nobody else of us writes now.
    static func ifFree(_ path: String) -> WriteLock? {
        guard let file = try? OpenFile(Array(path.utf8), O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o644),
            flock(file.descriptor, LOCK_EX | LOCK_NB) == 0
        else { return nil }
        return WriteLock(file: file)
    }

    private init(file: consuming OpenFile) { self.file = file }

    /// Lets it go at once: a process that is being started may hold a copy of the descriptor until it runs its program.
    deinit { flock(file.descriptor, LOCK_UN) }

    /// Waits for the lock.
    init(_ path: String, isDirectory: Bool) throws(WriteFailure) {
        let waiting: OpenFile
        do throws(FileFailure) {
            let flags = isDirectory ? O_RDONLY | O_DIRECTORY : O_RDWR | O_CREAT | O_NOFOLLOW
            waiting = try OpenFile(Array(path.utf8), flags, mode: 0o644)
        } catch {
            let isForbidden = [EACCES, EPERM, EROFS].contains(error.code)
            throw isForbidden
                ? .readOnly(
                    "\(path) can't be opened for writing: \(error.reason): run this as the owner of the repository")
                : .failed("\(path) can't be opened: \(error.reason)")
        }
        var waited = 0
        while flock(waiting.descriptor, LOCK_EX | LOCK_NB) != 0 {
            let failure = FileFailure.last
            guard failure.code == EWOULDBLOCK || failure.code == EINTR else {
                throw .failed("\(path) can't be locked: \(failure.reason)")
            }
            guard waited < Self.patience else {
                throw .conflict("another process has been writing for 30 s (\(path)): try again when it is done")
            }
            usleep(UInt32(Self.pause * 1000))
            waited += Self.pause
        }
        file = waiting
    }
}
