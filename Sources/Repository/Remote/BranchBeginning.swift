import Reconciler

/// A branch without commits: a repository that was only initialised, with a remote that has some.
extension ConfigurationRepository {
    /// Begins the branch at a commit that exists, with the files of the worktree. A file that stands in the way stays.
    ///
    /// - Throws: ``RemoteFailure``; nothing was changed then.
    nonisolated func beginBranch(at commit: String) async throws(RemoteFailure) {
        do {
            let checkedOut = try await git.run(["symbolic-ref", "--quiet", "HEAD"], in: directory, accepted: [0, 1])
            if case .worktree = try await place(), checkedOut.elementsEqual("refs/heads/\(branch)\n".utf8) {
                // Refuses to replace files.
                let finished = try await git.run(
                    ["read-tree", "-m", "-u", commit], in: directory, within: .seconds(60))
                guard finished.status == 0 else {
                    throw GitFailure(errorOutput: finished.errors, directory: directory, command: "read-tree")
                }
            }
            let none = String(repeating: "0", count: commit.utf8.count)
            _ = try await git.run(["update-ref", "refs/heads/\(branch)", commit, none], in: directory)
        } catch {
            throw .failed("\(error)")
        }
    }
}
