import Glibc

/// Brings files and index of a worktree along with its branch. Nothing of a person's uncommitted work is ever replaced.
///
/// Order of a write: ``stage(_:)``, ``lock(from:)``, ``dirty(_:)``, the branch moves, ``install(_:)``, ``unlock()``, and some
/// time later ``settle()``. After a crash ``recover(branch:)`` does what is missing.
final class WorktreeFiles {
    /// A file that changes between two commits.
    struct Change {
        let path: [UInt8]
        let old: Version?
        let new: Version?

        var name: String { String(decoding: path, as: UTF8.self) }
    }

    /// A file in a commit.
    struct Version {
        let blob: ObjectName
        let content: [UInt8]
        let isExecutable: Bool

        var mode: UInt32 { isExecutable ? 0o100755 : 0o100644 }
    }

    private let git: Git
    private let directory: String
    private let directories: GitDirectories
    private let owner: FileOwner?
    private let folder: String
    /// The journal that says since when files may lag behind.
    private var journal: SyncJournal?

    /// Contents in the worktree that git takes for those of the commit (`autocrlf`, filters).
    private var filtered: [[UInt8]: [UInt8]] = [:]
    /// Files of the commit that the index keeps out of the worktree (`git sparse-checkout`).
    private var absent: Set<[UInt8]> = []

    /// How long another git is waited for, and the pause between looks, in milliseconds.
    private static let patience = 5_000
    private static let pause = 10

    init(_ git: Git, directory: String, _ directories: GitDirectories, owner: FileOwner?) {
        self.git = git
        self.directory = directory
        self.directories = directories
        self.owner = owner
        folder = SyncJournal.folder(directories)
    }

    private var indexPath: String { "\(directories.own)/index" }
    private var lockPath: String { "\(directories.own)/index.lock" }

    // MARK: Looking

    /// The paths among `changes` where a person has uncommitted work.
    func dirty(_ changes: [Change]) async throws(WriteFailure) -> [String] {
        guard !changes.isEmpty else { return [] }
        var doubtful: [Change] = []
        var displaced: [String] = []
        absent = []
        do throws(FileFailure) {
            let index = try readIndex(of: Set(changes.map(\.path)), nameLength: changes.nameLength)
            let root = try OpenFile(Array(directory.utf8), O_RDONLY | O_DIRECTORY)
            for change in changes {
                let entries = index?.entries[change.path]
                let expected = change.old.map {
                    [IndexFile.Entry(mode: $0.mode, object: $0.blob, stage: 0, isSpecial: false)]
                }
                var isClean = index != nil && entries == expected
                do throws(FileFailure) {
                    if try !change.replacement.isClean(below: root) { isClean = false }
                } catch  where error.code == ENOTDIR || error.code == ELOOP {
                    // A person put a file or a link in the place of its folder.
                    displaced.append(change.name)
                    continue
                }
                if let old = change.old, entries?.contains(where: { $0.isSpecial && $0.object == old.blob }) == true {
                    absent.insert(change.path)
                }
                if !isClean { doubtful.append(change) }
            }
        } catch {
            throw .failed("the worktree \(directory) can't be read: \(error.reason)")
        }
        if doubtful.isEmpty || !displaced.isEmpty { return displaced }
        // Read before git looks: what is written after that is not what git found clean.
        let contents = doubtful.map { try? SteadyFile.read($0.path, below: directory) }
        let dirty = try await judged(doubtful)
        for (change, content) in zip(doubtful, contents) where !dirty.contains(change.name) {
            filtered[change.path] = content
        }
        return dirty
    }

    /// What git says about paths that don't look like the commit: filters (`autocrlf`) make files differ that are clean.
    private func judged(_ changes: [Change]) async throws(WriteFailure) -> [String] {
        var dirty: [String] = []
        for part in stride(from: 0, to: changes.count, by: 500) {
            let some = changes[part..<min(part + 500, changes.count)]
            do throws(GitFailure) {
                let output = try await git.status(["--ignored=matching", "--"] + some.map(\.name), in: directory)
                if !output.isEmpty { dirty += some.map(\.name).filter { names(output, $0) } }
            } catch {
                throw .failed(error.description)
            }
        }
        return dirty
    }

    /// Whether a line of `git status` is about a path, what is below it, or a folder above it.
    private func names(_ output: [UInt8], _ path: String) -> Bool {
        output.split(separator: 0).contains { record in
            let name = record.dropFirst(3)
            return name.elementsEqual(path.utf8) || name.starts(with: (path + "/").utf8)
                || name.last == UInt8(ascii: "/") && path.utf8.starts(with: name)
        }
    }

    private func readIndex(of paths: Set<[UInt8]>, nameLength: Int) throws(FileFailure) -> IndexFile? {
        guard let bytes = try indexBytes() else { return IndexFile.empty() }
        guard let index = IndexFile.read(bytes, of: paths, nameLength: nameLength), index.obstacles.isEmpty else {
            return nil
        }
        return index
    }

    private func indexBytes() throws(FileFailure) -> [UInt8]? {
        do throws(FileFailure) {
            let file = try OpenFile(Array(indexPath.utf8), O_RDONLY)
            return try file.readToEnd(expecting: Int(try file.status().st_size), limit: 1 << 30)
        } catch {
            guard error.code == ENOENT else { throw error }
            return nil
        }
    }

    // MARK: Changing

    /// Writes the new contents beside their places, so that a full disk is noticed while nothing has happened yet.
    func stage(_ changes: [Change]) throws(FileFailure) {
        if try FileOperation.makeFolder(folder, mode: 0o755) { owner?.take(folder) }
        for (number, change) in changes.enumerated() {
            // Of a write that came to nothing: a deleted file is moved here, and must not meet it.
            let path = "\(folder)/new-\(number)"
            FileOperation.remove(path)
            guard let new = change.new else { continue }
            try NewFile.write(new.content, to: path, mode: new.isExecutable ? 0o755 : 0o644, owner: owner)
        }
    }

    /// Takes git's own lock of the index, after noting where the branch stood.
    func lock(from old: ObjectName) throws(WriteFailure) {
        do throws(FileFailure) {
            if journal == nil {
                try NewFile.write([], to: "\(folder)/lock", owner: owner)
                guard let status = try OpenFile.status(of: "\(folder)/lock") else { throw FileFailure(code: ENOENT) }
                let opened = SyncJournal(old: old, lock: UInt64(status.st_ino))
                try opened.write(in: folder, owner: owner)
                journal = opened
            }
        } catch {
            throw .failed("\(folder) can't be written: \(error.reason)")
        }
        var waited = 0
        while true {
            do throws(FileFailure) {
                return try FileOperation.link("\(folder)/lock", as: lockPath)
            } catch {
                guard error.code == EEXIST else { throw .failed("\(lockPath) can't be made: \(error.reason)") }
            }
            guard waited < Self.patience else {
                throw .conflict(
                    "\(lockPath) exists: another git works in \(directory): wait for it,"
                        + " or remove the file if none is running")
            }
            usleep(UInt32(Self.pause * 1000))
            waited += Self.pause
        }
    }

    /// Gives the index back.
    func unlock() { FileOperation.remove(lockPath) }

    /// Moves the staged files to their places and notes them in the index, which must be locked. Returns the paths where
    /// somebody else's text stands, which stays.
    @discardableResult
    func install(_ changes: [Change]) throws -> [String] {
        var left: [String] = []
        let root = try OpenFile(Array(directory.utf8), O_RDONLY | O_DIRECTORY)
        let staging = try OpenFile(Array(folder.utf8), O_RDONLY | O_DIRECTORY)
        for (number, change) in changes.enumerated() {
            let name = Array("new-\(number)".utf8)
            var replacement = change.replacement
            if let content = filtered[change.path] { replacement.old.append(content) }
            let outcome = try replacement.install(name, in: staging, below: root, owner: owner)
            if outcome == .left { left.append(change.name) } else { absent.remove(change.path) }
            FileOperation.remove("\(folder)/new-\(number)")
        }
        filtered = [:]
        try updateIndex(changes)
        return left
    }

    private func updateIndex(_ changes: [Change]) throws {
        let copy = "\(folder)/index"
        let present = try indexBytes()
        let patches = changes.map { change in
            IndexPatch.Change(path: change.path, entry: change.new.map { ($0.mode, $0.blob) })
        }
        let kept = changes.filter { $0.new != nil && absent.contains($0.path) }.map(\.path)
        if kept.isEmpty, let present, let patched = IndexPatch.apply(patches, to: present) {
            try NewFile.write(patched, to: copy, owner: owner)
            return try FileOperation.rename(copy, to: indexPath)
        }
        // Of a git that was killed here.
        FileOperation.remove("\(copy).lock")
        if let present { try NewFile.write(present, to: copy) } else { FileOperation.remove(copy) }
        var lines: [UInt8] = []
        for change in changes {
            if let new = change.new {
                lines += "\(String(new.mode, radix: 8)) \(new.blob)\t".utf8
            } else {
                lines += "0 \(String(repeating: "0", count: change.old.map { $0.blob.count * 2 } ?? 40))\t".utf8
            }
            lines += change.path + [0]
        }
        let update = try GitConversation(
            git, directory: directory, variables: ["GIT_INDEX_FILE": copy], ["update-index", "-z", "--index-info"])
        try update.send(lines)
        try update.finish()
        if !kept.isEmpty {
            let mark = try GitConversation(
                git, directory: directory, variables: ["GIT_INDEX_FILE": copy],
                ["update-index", "-z", "--skip-worktree", "--stdin"])
            try mark.send(kept.flatMap { $0 + [0] })
            try mark.finish()
        }
        owner?.take(copy)
        try FileOperation.rename(copy, to: indexPath)
    }

    /// Notes that not all was installed: it is finished like after a crash.
    func interrupt() { journal = nil }

    /// Ends the time in which a crash would have to be repaired: what was installed is on the disk. When it can't be brought
    /// there, that time goes on until it can. The write lock must be held.
    func settle() {
        guard isOurs, (try? sync()) != nil else { return }
        journal = nil
        clear()
    }

    /// Brings what was installed to the disk.
    private func sync() throws(FileFailure) {
        try FileOperation.sync(OpenFile(Array(directory.utf8), O_RDONLY | O_DIRECTORY))
    }

    private func clear() {
        for name in (try? FolderNames.list(folder)) ?? [] where name != "journal" {
            FileOperation.remove("\(folder)/\(name)")
        }
        FileOperation.remove("\(folder)/journal")
        FileOperation.removeFolder(folder)
    }

    // MARK: After a crash

    /// Whether somebody did not come to an end here.
    var isInterrupted: Bool { !isOurs && FileOperation.exists(folder) }

    /// Whether what is under way is ours; another process may have ended it for us, and begun its own.
    private var isOurs: Bool { journal != nil && SyncJournal(in: folder) == journal }

    /// Finishes what a process that was killed left half done. The write lock must be held.
    func recover(head: ObjectName, isHere: Bool, contents: ContentSource) async throws(WriteFailure) {
        guard isInterrupted else {
            if journal != nil, !FileOperation.exists(folder) { journal = nil }
            return
        }
        if let journal = SyncJournal(in: folder) {
            if let status = try? OpenFile.status(of: lockPath), UInt64(status.st_ino) == journal.lock { unlock() }
            if isHere, journal.old != head {
                do throws(WriteFailure) {
                    try await finish(journal, head: head, contents: contents)
                } catch {
                    // Not done: it is tried again before the next write.
                    self.journal = nil
                    throw error
                }
            }
        }
        self.journal = nil
        do throws(FileFailure) {
            try sync()
        } catch {
            throw .failed("the worktree \(directory) can't be brought to the disk: \(error.reason)")
        }
        clear()
    }

    private func finish(
        _ journal: SyncJournal, head: ObjectName, contents: ContentSource
    ) async throws(WriteFailure) {
        do {
            // A head that was moved back: what lies between is no longer meant.
            let range = "\(journal.old)..\(head)"
            let output = try await git.run(
                ["log", "--raw", "-z", "--no-abbrev", "--no-renames", "--format=", range], in: directory)
            let known = RawDiff.versions(output)
            let paths = known.keys.sorted { $0.lexicographicallyPrecedes($1) }
            let listed = try await git.run(
                ["--literal-pathspecs", "diff-tree", "-r", "-z", "--no-renames", "\(journal.old)", "\(head)"],
                in: directory)
            let final = RawDiff.changes(listed)
            var changes: [Change] = []
            var older: [[[UInt8]?]] = []
            for path in paths {
                guard let change = final[path], !change.isSpecial else { continue }
                let names = known[path].map(Array.init) ?? []
                let blobs = try contents.blobs(names.compactMap { $0?.blob }).map { $0 ?? [] }
                older.append(blobs + (names.contains(nil) ? [nil] : []))
                changes.append(
                    Change(path: path, old: try version(change.old, contents), new: try version(change.new, contents)))
            }
            guard !changes.isEmpty else { return }
            try stage(changes)
            self.journal = nil
            try lock(from: journal.old)
            defer { unlock() }
            let root = try OpenFile(Array(directory.utf8), O_RDONLY | O_DIRECTORY)
            let staging = try OpenFile(Array(folder.utf8), O_RDONLY | O_DIRECTORY)
            let index = try readIndex(of: Set(changes.map(\.path)), nameLength: head.count)
            var stale: [Change] = []
            for (number, change) in changes.enumerated() {
                let replacement = FileReplacement(
                    path: change.path, old: older[number], new: change.new?.content,
                    isExecutable: change.new?.isExecutable ?? false)
                let name = Array("new-\(number)".utf8)
                _ = try replacement.install(name, in: staging, below: root, owner: owner)
                let entry = index?.entries[change.path]
                let isOurs = entry.map { entries in
                    entries.count == 1 && entries[0].stage == 0
                        && known[change.path]?.contains { $0?.blob == entries[0].object } == true
                }
                if isOurs ?? (known[change.path]?.contains(nil) == true) { stale.append(change) }
            }
            if !stale.isEmpty { try updateIndex(stale) }
        } catch let failure as WriteFailure {
            throw failure
        } catch let failure as FileFailure {
            throw .failed("the worktree \(directory) can't be brought to its branch: \(failure.reason)")
        } catch {
            throw .failed("the worktree \(directory) can't be brought to its branch: \(error)")
        }
    }

    private func version(_ entry: RawDiff.Entry?, _ contents: ContentSource) throws(GitFailure) -> Version? {
        guard let entry else { return nil }
        guard let content = try contents.blobs([entry.blob]).first ?? nil else {
            throw GitFailure("\(directory) is damaged: blob \(entry.blob) is missing")
        }
        return Version(blob: entry.blob, content: content, isExecutable: entry.isExecutable)
    }

    /// What differs between two commits.
    func changes(
        from old: ObjectName, to new: ObjectName, contents: ContentSource
    ) async throws(GitFailure) -> [Change] {
        let output = try await git.run(["diff-tree", "-r", "-z", "--no-renames", "\(old)", "\(new)"], in: directory)
        var changes: [Change] = []
        for (path, change) in RawDiff.changes(output) {
            guard !change.isSpecial else {
                let name = String(decoding: path, as: UTF8.self)
                throw GitFailure("\(name) is or was a symbolic link or a submodule: bring \(directory) along with git")
            }
            changes.append(
                Change(path: path, old: try version(change.old, contents), new: try version(change.new, contents)))
        }
        return changes.sorted { $0.path.lexicographicallyPrecedes($1.path) }
    }
}

extension WorktreeFiles.Change {
    /// The change of the file on disk.
    var replacement: FileReplacement {
        FileReplacement(
            path: path, old: [old?.content], new: new?.content, isExecutable: new?.isExecutable ?? false)
    }
}

extension [WorktreeFiles.Change] {
    /// The length of the object names.
    fileprivate var nameLength: Int { first.flatMap { $0.old ?? $0.new }?.blob.count ?? 20 }
}
