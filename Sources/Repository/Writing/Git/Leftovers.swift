import Glibc

/// Files that a git which we started leaves when it is killed, and nobody else removes.
enum Leftovers {
    /// A lock that nobody held open for this long, in seconds, belonged to a git that was killed: git holds them for
    /// milliseconds.
    private static let lockAge = 10

    static func remove(in directories: GitDirectories, branch: String) {
        // Nobody but us moves this one, and nobody reads it.
        FileOperation.remove("\(directories.common)/\(CommitStream.reference).lock")
        for path in ["\(directories.common)/refs/heads/\(branch).lock", "\(directories.own)/HEAD.lock"] {
            guard let status = try? OpenFile.status(of: path, followingLinks: false) else { continue }
            if time(nil) - status.st_mtim.tv_sec >= lockAge, FileOperation.isAbandoned(path) {
                FileOperation.remove(path)
            }
        }
        let packs = "\(directories.common)/objects/pack"
        for name in (try? FolderNames.list(packs)) ?? [] {
            let path = "\(packs)/\(name)"
            if name.hasSuffix(".keep") {
                if GitDirectories.firstLine(of: path) == "fast-import" { FileOperation.remove(path) }
            } else if name.hasPrefix("tmp_pack_") || name.hasPrefix("tmp_idx_") {
                if FileOperation.isAbandoned(path) { FileOperation.remove(path) }
            }
        }
        // fast-import's report of a stream that ended in the middle: of us, or empty as the disk was full.
        for name in (try? FolderNames.list(directories.common)) ?? [] where name.hasPrefix("fast_import_crash_") {
            let path = "\(directories.common)/\(name)"
            guard let file = try? OpenFile(Array(path.utf8), O_RDONLY | O_NOFOLLOW),
                let text = try? file.readToEnd(expecting: 4096, limit: 1 << 20),
                text.isEmpty || String(decoding: text, as: UTF8.self).contains(CommitStream.reference)
            else { continue }
            FileOperation.remove(path)
        }
    }
}
