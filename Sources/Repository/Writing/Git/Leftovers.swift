import Glibc

/// Files that a git which we started leaves when it is killed, and nobody else removes.
enum Leftovers {
    /// What nobody held open for this long, in seconds, belonged to a git that was killed: git leaves its locks and
    /// unfinished packs closed for milliseconds.
    private static let age = 10

    static func remove(in directories: GitDirectories, branch: String) {
        // Nobody but us moves this one, and nobody reads it.
        FileOperation.remove("\(directories.common)/\(CommitStream.reference).lock")
        removeLocks(of: ["refs/heads/\(branch)"], in: directories.common)
        removeLocks(of: ["HEAD"], in: directories.own)
        let packs = "\(directories.common)/objects/pack"
        let names = Set((try? FolderNames.list(packs)) ?? [])
        for name in names {
            let path = "\(packs)/\(name)"
            if name.hasSuffix(".keep") {
                // One without a word and a pack: its git was killed before it wrote into it.
                let line = GitDirectories.firstLine(of: path)
                let isUnwritten = line == nil && !names.contains("\(name.dropLast(5)).pack")
                guard line == "fast-import" || isUnwritten && FileOperation.isAbandoned(path) else { continue }
                FileOperation.remove(path)
            } else if isUnfinishedPack(name) {
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

    /// Removes what fetches that were cut off or killed left: locks of these references, and packs that were not
    /// finished, of which each look at a remote that breaks off would add one. Other processes may write meanwhile.
    static func removeFetches(of references: [String], in directory: String) {
        removeLocks(of: references, in: directory)
        let packs = "\(directory)/objects/pack"
        for name in (try? FolderNames.list(packs)) ?? [] where isUnfinishedPack(name) {
            removeIfOld("\(packs)/\(name)")
        }
    }

    private static func removeLocks(of references: [String], in directory: String) {
        for reference in references { removeIfOld("\(directory)/\(reference).lock") }
    }

    private static func removeIfOld(_ path: String) {
        guard let status = try? OpenFile.status(of: path, followingLinks: false) else { return }
        if time(nil) - status.st_mtim.tv_sec >= age, FileOperation.isAbandoned(path) { FileOperation.remove(path) }
    }

    private static func isUnfinishedPack(_ name: String) -> Bool {
        name.hasPrefix("tmp_pack_") || name.hasPrefix("tmp_idx_")
    }
}
