import Model

extension ConfigurationRepository {
    /// Writes: the intent on the newest tree, validation of the whole, the check, a commit (in a plain directory:
    /// replaced files). Writes that wait for each other become a chain of commits that a branch takes in one step; reads
    /// go on meanwhile.
    ///
    /// When it returns, the change is in the branch and on the disk, and the files of a worktree are brought along where
    /// the branch is checked out.
    ///
    /// - Throws: ``WriteFailure``; nothing of the write is in the repository then.
    public nonisolated func write(_ request: WriteRequest) async throws(WriteFailure) -> WriteReceipt {
        guard mode == .readWrite else {
            throw .readOnly(
                "\(directory) is read-only here (mode: readonly in the host file): change it where it is pushed from,"
                    + " or set mode: readwrite")
        }
        if let signatures {
            throw .readOnly(
                "only signed commits count (repository.verify: \(signatures.format.rawValue) in the host file), and"
                    + " WireBuddy does not sign yet: change it in a clone, sign the commit and push it")
        }
        return try await writer.write(request, in: self)
    }

    /// Finishes what a crash left half done in the worktree, before somebody takes it for a person's edits.
    nonisolated func finishInterrupted() async {
        if mode == .readWrite { await writer.finishInterrupted(in: self) }
    }

    /// Ends what is kept open for the next write. Call it before the process ends; a write begins anew.
    public nonisolated func close() async { await writer.close() }
}
