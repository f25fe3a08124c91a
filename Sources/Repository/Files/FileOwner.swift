import Glibc

/// Whom the files belong to that root makes in another user's repository (`sudo wirebuddy …`): to that user, who could
/// not commit any more otherwise.
struct FileOwner: Sendable, Hashable {
    private let user: uid_t
    private let group: gid_t

    /// The owner of a directory; nil when that is who runs this, or nothing can be given away.
    init?(of directory: String) {
        guard geteuid() == 0, let status = try? OpenFile.status(of: directory), status.st_uid != 0 else { return nil }
        user = status.st_uid
        group = status.st_gid
    }

    /// Gives an open file away.
    func take(_ file: borrowing OpenFile) { fchown(file.descriptor, user, group) }

    /// Gives what stands at a path away, if it is ours; links themselves.
    func take(_ path: String) {
        guard let status = try? OpenFile.status(of: path, followingLinks: false), status.st_uid == 0 else { return }
        _ = unsafe lchown(path, user, group)
    }

    /// Gives away what git made for a write below its directory.
    func takeGitFiles(_ directories: GitDirectories, branch: String) {
        let common = directories.common
        for name in (try? FolderNames.list("\(common)/objects/pack")) ?? [] { take("\(common)/objects/pack/\(name)") }
        var paths = ["refs", "logs", "logs/refs", "logs/refs/heads", "refs/heads", "refs/wirebuddy", "wirebuddy.lock"]
        paths += ["refs/wirebuddy/queue", "logs/refs/wirebuddy", "logs/refs/wirebuddy/queue", "packed-refs"]
        var folder = ""
        for part in branch.split(separator: "/") {
            folder += "/\(part)"
            paths += ["refs/heads\(folder)", "logs/refs/heads\(folder)"]
        }
        for path in paths { take("\(common)/\(path)") }
        for name in ["index", "logs", "logs/HEAD"] { take("\(directories.own)/\(name)") }
    }
}
