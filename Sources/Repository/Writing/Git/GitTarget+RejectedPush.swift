import Model

/// The worktree after a push that was rejected because a write moved the branch first.
extension GitTarget {
    /// How long a push that is under way is waited for, and the pause between looks, in milliseconds.
    private static let pushPatience = 2_000
    private static let pushPause = 20

    /// Brings the worktree back from the commit of a push that was rejected. A push that is under way is let end before.
    ///
    /// - Returns: whether the branch still stands at `head`.
    func reclaim(_ head: ObjectName, isHere: Bool) async throws(WriteFailure) -> Bool {
        guard isHere, let worktree, let rejectedPush else { return true }
        var waited = 0
        while true {
            let commit: ObjectName?
            do throws(GitFailure) {
                guard try contents.commit("refs/heads/\(branch)") == head else { return false }
                commit = try rejectedPush.find(head: head)
            } catch {
                throw .failed(error.description)
            }
            guard let commit else { return true }
            guard rejectedPush.isUnderWay, waited < Self.pushPatience else {
                try await leave(commit, for: head, worktree)
                if rejectedPush.isSettled { return true }
                continue
            }
            try? await Task.sleep(for: .milliseconds(Self.pushPause))
            waited += Self.pushPause
        }
    }

    /// Brings files and index from a commit to the branch's, where nobody edited them.
    private func leave(
        _ commit: ObjectName, for head: ObjectName, _ files: WorktreeFiles
    ) async throws(WriteFailure) {
        let changes = try await changes(files, from: commit, to: head)
        do {
            try files.stage(changes)
            try files.lock(from: head)
            defer { files.unlock() }
            // Another push may have come meanwhile; with the lock held none can bring the index along any more.
            guard try contents.commit("refs/heads/\(branch)") == head, try rejectedPush?.find(head: head) == commit
            else {
                return
            }
            try files.install(changes)
            rejectedPush?.settle()
        } catch let failure as WriteFailure {
            throw failure
        } catch {
            throw .failed("the worktree \(directory) can't be brought back to branch \(branch): \(error)")
        }
    }

    /// Looks whether a push was rejected because of our writes, unless another process writes: then it does that.
    func reclaimIfFree() async {
        guard let rejectedPush, !rejectedPush.isSettled, let lock = WriteLock.ifFree(lockPath) else { return }
        defer { _ = lock }
        guard let head = try? contents.commit("refs/heads/\(branch)"), let checkout = try? checkout() else { return }
        // What it can't do now is done before the next write, which says why not.
        _ = try? await reclaim(head, isHere: checkout.isHere)
    }
}
