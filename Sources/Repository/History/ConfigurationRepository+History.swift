/// What was committed.
extension ConfigurationRepository {
    /// The newest commits of the branch, newest first.
    ///
    /// - Throws: ``HistoryFailure``, also for a plain directory.
    public nonisolated func history(limit: Int) async throws(HistoryFailure) -> [HistoryEntry] {
        guard GitDirectories.common(of: directory) != nil else { throw .noRepository(directory) }
        do {
            let output = try await git.run(
                ["log", "-z", "--no-show-signature", "--no-decorate", "-n", "\(limit)", HistoryEntry.format]
                    + ["refs/heads/\(branch)", "--"],
                in: directory)
            let fields = String(decoding: output, as: UTF8.self).split(
                separator: "\0", omittingEmptySubsequences: false)
            return stride(from: 0, to: fields.count - HistoryEntry.fields + 1, by: HistoryEntry.fields).compactMap {
                HistoryEntry(fields[$0..<($0 + HistoryEntry.fields)])
            }
        } catch {
            throw .unreadable(error.description)
        }
    }
}
