import Glibc

/// What is under way in a worktree, so that the next start can finish it: files that a crash left as they were must not
/// look like a person's edits.
struct SyncJournal: Hashable {
    /// Where the branch stood when worktree and index last agreed with it.
    let old: ObjectName
    /// The inode of the file that is linked as `index.lock` while we work.
    let lock: UInt64

    /// The folder for it and everything half done.
    static func folder(_ directories: GitDirectories) -> String { "\(directories.own)/wirebuddy" }

    init(old: ObjectName, lock: UInt64) {
        self.old = old
        self.lock = lock
    }

    /// Reads it; nil when there is none, or it was not written to its end.
    init?(in folder: String) {
        guard let line = GitDirectories.firstLine(of: "\(folder)/journal") else { return nil }
        let words = line.split(separator: " ")
        guard words.count == 3, words[0] == "v1", let old = ObjectName(hexadecimal: Array(words[1].utf8)),
            let lock = UInt64(words[2])
        else { return nil }
        self.init(old: old, lock: lock)
    }

    /// Writes it, on the disk when this returns.
    func write(in folder: String, owner: FileOwner?) throws(FileFailure) {
        try NewFile.write(
            Array("v1 \(old) \(lock)\n".utf8), to: "\(folder)/journal.new", isDurable: true, owner: owner)
        try FileOperation.rename("\(folder)/journal.new", to: "\(folder)/journal")
    }
}
