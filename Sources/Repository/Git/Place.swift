import Glibc

/// What a configuration directory is. A directory is a git repository only if it is itself the top of a worktree or a
/// bare repository; a folder of one is a plain directory.
enum Place: Equatable {
    case worktree(identity: FileIdentity)
    case bare(identity: FileIdentity)
    case directory

    /// Looks at a directory; nil when there is none.
    ///
    /// - Throws: when it can't be looked at, or is no directory.
    static func find(_ path: String) throws(FileFailure) -> Place? {
        guard let root = try OpenFile.status(of: path) else { return nil }
        guard root.isDirectory else { throw FileFailure(code: ENOTDIR) }
        if let git = try OpenFile.status(of: "\(path)/.git") { return .worktree(identity: FileIdentity(git)) }
        for (name, isFolder) in [("HEAD", false), ("objects", true), ("refs", true)] {
            guard let status = try OpenFile.status(of: "\(path)/\(name)"), status.isDirectory == isFolder else {
                return .directory
            }
        }
        return .bare(identity: FileIdentity(root))
    }

    /// The git repository that a plain directory lies in, if any.
    static func surroundingRepository(of path: String) -> String? {
        guard var folder = OpenFile.realPath(path) else { return nil }
        while let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
            folder = String(folder[..<slash])
            if let git = try? OpenFile.status(of: "\(folder)/.git"), git.isDirectory || git.isRegular { return folder }
        }
        return nil
    }
}

/// Which file this is, so that one that was replaced is noticed.
struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}
