extension ConfigurationRepository {
    /// Asks the followed remote for its branch (`git ls-remote`), without taking anything; nil where none is followed.
    ///
    /// - Parameter limit: how long it may take.
    /// - Returns: nil inside when it answers, else why it doesn't.
    public nonisolated func remoteObstacle(within limit: Duration) async -> String?? {
        guard let link else { return nil }
        do throws(GitFailure) {
            let asked = try await git.run(
                ["ls-remote", "--heads", "--", link.options.name, "refs/heads/\(branch)"], in: directory, within: limit)
            if asked.status == 0 { return .some(nil) }
            return GitFailure(errorOutput: asked.errors, directory: directory, command: "ls-remote").description
        } catch {
            return error.description
        }
    }
}
