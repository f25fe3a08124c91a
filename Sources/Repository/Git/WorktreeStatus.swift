public import Reconciler

/// What stands in a worktree and is not in the desired state.
public struct WorktreeStatus: Sendable, Hashable {
    /// Configuration files with uncommitted edits, and new ones; sorted.
    public let edited: [String]
    /// Why the worktree isn't simply the head of the branch, for people: another branch is checked out, a merge is under
    /// way. The desired state is the head of the branch all the same.
    public let notes: [String]

    /// Whether there are uncommitted edits.
    public var isDirty: Bool { !edited.isEmpty }
}

extension ConfigurationRepository {
    /// Looks for uncommitted edits; nil where there can be none (a plain directory, a bare repository). Costs a run of
    /// `git status`, so it is not part of a pass.
    ///
    /// - Throws: ``RevisionFailure/unreadable(_:)``.
    public func worktreeStatus() async throws(RevisionFailure) -> WorktreeStatus? {
        guard case .worktree = try place() else { return nil }
        await finishInterrupted()
        do {
            let output = try await git.status(["--branch"], in: directory)
            let folder = try await git.run(["rev-parse", "--absolute-git-dir"], in: directory)
            let path = String(decoding: folder, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
            return WorktreeStatus(porcelain: output, branch: branch, operations: Self.operations(in: path))
        } catch {
            throw .unreadable(error.description)
        }
    }

    /// What git was told to do and has not finished.
    private static func operations(in gitDirectory: String) -> [String] {
        let files = [
            "MERGE_HEAD": "a merge", "rebase-merge": "a rebase", "rebase-apply": "a rebase",
            "CHERRY_PICK_HEAD": "a cherry-pick", "REVERT_HEAD": "a revert",
        ]
        return Set(files.filter { (try? OpenFile.status(of: "\(gitDirectory)/\($0.key)")) != nil }.values).sorted()
    }
}

extension WorktreeStatus {
    /// Reads `git status --porcelain=v1 -z --branch`: `## branch...upstream`, then `XY path`, each ended by NUL.
    init(porcelain output: [UInt8], branch: String, operations: [String]) {
        var edited: [String] = []
        var notes = operations.map { "\($0) is under way" }
        for record in output.split(separator: 0) {
            if record.starts(with: "## ".utf8) {
                let head = String(decoding: record.dropFirst(3), as: UTF8.self)
                let name = head.replacing("No commits yet on ", with: "").split(separator: "...").first.map(String.init)
                if head.hasPrefix("HEAD (no branch)") {
                    notes.append("no branch is checked out, the desired state is branch \(branch)")
                } else if let name, name.split(separator: " ").first.map(String.init) != branch {
                    notes.append("branch \(name) is checked out, the desired state is branch \(branch)")
                }
                continue
            }
            let path = record.dropFirst(3)
            let isHidden = path.split(separator: UInt8(ascii: "/")).contains(where: ConfigurationFileName.isHidden)
            if !isHidden, ConfigurationFileName.isConfiguration(path) {
                edited.append(String(decoding: path, as: UTF8.self))
            }
        }
        self.edited = edited.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        self.notes = notes
    }
}
