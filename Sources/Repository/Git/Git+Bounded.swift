import Subprocess

/// git where it may wait for somebody else: a server, or the programs that check signatures.
extension Git {
    /// Runs a subcommand; after `limit` git and everything it started is stopped.
    ///
    /// - Throws: ``GitFailure`` when it can't be run, or did not end in time.
    func run(
        _ arguments: [String], in directory: String, within limit: Duration, variables extra: [String: String] = [:]
    ) async throws(GitFailure) -> BoundedProcess.Finished {
        guard program != nil else { throw .missing(directory) }
        let command = arguments.first { !$0.hasPrefix("-") && !$0.contains("=") } ?? ""
        // A server that sends nothing is given up before the whole run is.
        let options = options(for: directory) + ["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=20"]
        var variables = variables(for: directory)
        for (name, value) in extra.merging(["SSH_ASKPASS_REQUIRE": "never"], uniquingKeysWith: { own, _ in own }) {
            if let key = Environment.Key(rawValue: name) { variables[key] = value }
        }
        let finished: BoundedProcess.Finished?
        do {
            finished = try await BoundedProcess.run("git", options + arguments, environment: variables, within: limit)
        } catch {
            throw GitFailure("git \(command) can't be run: \(error)")
        }
        if let finished { return finished }
        throw GitFailure("git \(command) did not end within \(limit.components.seconds) s and was stopped")
    }
}
