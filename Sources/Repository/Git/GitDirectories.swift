import Glibc

/// Where a repository keeps what: a linked worktree has its own HEAD and index; branches and objects are those of the
/// main one.
struct GitDirectories: Hashable {
    /// Of this worktree: `HEAD`, `index`, merges under way.
    let own: String
    /// Of the repository: `refs`, `objects`.
    let common: String

    /// Of a directory that is the top of a worktree, or a bare repository.
    init(of directory: String, isBare: Bool) {
        own = isBare ? directory : Self.gitDirectory(of: directory)
        if let path = Self.firstLine(of: "\(own)/commondir") {
            let joined = path.hasPrefix("/") ? path : "\(own)/\(path)"
            common = OpenFile.realPath(joined) ?? joined
        } else {
            common = own
        }
    }

    /// What all worktrees of a repository share; nil for a plain directory.
    static func common(of directory: String) -> String? {
        switch try? Place.find(directory) {
        case .worktree: GitDirectories(of: directory, isBare: false).common
        case .bare: GitDirectories(of: directory, isBare: true).common
        case .directory, nil: nil
        }
    }

    /// The first line of a small file; nil when it can't be read.
    static func firstLine(of path: String) -> String? {
        guard let file = try? OpenFile(Array(path.utf8), O_RDONLY | O_NONBLOCK),
            let bytes = try? file.readToEnd(expecting: 256, limit: 8192)
        else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }

    /// `.git` is the git directory, or a file `gitdir: path`.
    private static func gitDirectory(of worktree: String) -> String {
        guard let line = firstLine(of: "\(worktree)/.git"), line.hasPrefix("gitdir: ") else {
            return "\(worktree)/.git"
        }
        let path = String(line.dropFirst("gitdir: ".count))
        return path.hasPrefix("/") ? path : "\(worktree)/\(path)"
    }
}
