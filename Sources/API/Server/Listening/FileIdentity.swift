// Beside Hummingbird `struct stat` counts to this module.
import CDispatch
import Glibc

/// Which file a path leads to, symbolic links not followed (`lstat(2)`).
struct FileIdentity: Sendable, Equatable {
    let device: dev_t
    let inode: ino_t
    let isSocket: Bool
    /// The number of the user it belongs to.
    let owner: uid_t
    /// Who may do what with it.
    let permissions: mode_t

    /// nil: there is none.
    init?(_ path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        device = status.st_dev
        inode = status.st_ino
        owner = status.st_uid
        permissions = status.st_mode & 0o7777
        isSocket = status.st_mode & S_IFMT == S_IFSOCK
    }
}
