import Manifest
import Model

/// From a plan to commits, and to what they change in the worktree.
extension GitTarget {
    func makeCommits(
        _ plan: BatchPlan, _ requests: [WriteRequest], on base: WriterBase
    ) throws(WriteFailure) -> [CommitStream.Made] {
        guard let parent = base.commit, !plan.commits.isEmpty else { return [] }
        let commits = plan.commits.map { commit in
            let request = requests[commit.number]
            return CommitStream.Commit(
                author: request.author, date: request.now,
                message: CommitMessage.text(commit.change, request.trailers),
                files: commit.change.files.map { file in
                    let path = Array(file.path.utf8)
                    return CommitStream.File(path: path, content: file.content, isExecutable: base.isExecutable(path))
                })
        }
        do throws(GitFailure) {
            do throws(GitFailure) {
                return try openStream().commit(commits, onto: parent)
            } catch {
                // One that was killed is started once more.
                stream = nil
                return try openStream().commit(commits, onto: parent)
            }
        } catch {
            stream = nil
            // Half a pack of each try, on a disk that may be full.
            removeLeftovers()
            throw .failed("the commit can't be made: \(error.description)")
        }
    }

    private func openStream() throws(GitFailure) -> CommitStream {
        if let stream { return stream }
        let opened = try CommitStream(git, directory: directory)
        stream = opened
        return opened
    }

    func advanced(_ base: WriterBase, _ plan: BatchPlan, _ made: [CommitStream.Made]) -> WriterBase {
        var next = base
        var written: [([UInt8], GitTreeEntry?)] = []
        for (commit, one) in zip(plan.commits, made) {
            for (file, blob) in zip(commit.change.files, one.blobs) {
                let path = Array(file.path.utf8)
                let entry = blob.map {
                    GitTreeEntry(
                        kind: .file, name: FolderPath.name(of: path), object: $0,
                        isExecutable: base.isExecutable(path))
                }
                written.append((path, entry))
            }
        }
        next.advance(to: made.last?.name ?? base.commit, plan.tree, files: written)
        return next
    }

    func worktreeChanges(
        _ files: WorktreeFiles?, base: WriterBase, next: WriterBase, plan: BatchPlan
    ) throws(WriteFailure) -> [WorktreeFiles.Change] {
        guard files != nil else { return [] }
        var last: [String: FileChange] = [:]
        for file in plan.commits.flatMap(\.change.files) { last[file.path] = file }
        let net = last.values.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        return try changes(of: net, on: base, next: next)
    }

    /// The changes with what they replace.
    func changes(
        of files: [FileChange], on base: WriterBase, next: WriterBase? = nil
    ) throws(WriteFailure) -> [WorktreeFiles.Change] {
        let entries = files.map { file in
            if case .file(let entry) = base.entry(at: Array(file.path.utf8)) { entry } else { nil as GitTreeEntry? }
        }
        do throws(GitFailure) {
            var old = try contents.blobs(entries.compactMap { $0?.object })[...]
            return zip(files, entries).compactMap { file, entry in
                let path = Array(file.path.utf8)
                let before = entry.flatMap { entry in
                    (old.popFirst() ?? nil).map {
                        WorktreeFiles.Version(blob: entry.object, content: $0, isExecutable: entry.isExecutable)
                    }
                }
                var after: WorktreeFiles.Version?
                if let content = file.content {
                    let made: GitTreeEntry? = if case .file(let made)? = next?.entry(at: path) { made } else { nil }
                    // Only looked at, not written: its name doesn't matter yet.
                    guard let name = made?.object ?? entry?.object ?? base.commit else { return nil }
                    after = WorktreeFiles.Version(
                        blob: name, content: content, isExecutable: made?.isExecutable ?? false)
                }
                if before == nil && after == nil { return nil }
                return WorktreeFiles.Change(path: path, old: before, new: after)
            }
        } catch {
            throw .failed(error.description)
        }
    }
}

extension WriterBase {
    /// Whether the file at a path may be executed; it stays so.
    fileprivate func isExecutable(_ path: [UInt8]) -> Bool {
        if case .file(let entry) = entry(at: path) { entry.isExecutable } else { false }
    }
}
