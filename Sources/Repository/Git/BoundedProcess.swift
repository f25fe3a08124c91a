import Programs
import Subprocess

/// A program that may wait for somebody else, and is stopped with everything it started when it takes too long.
enum BoundedProcess {
    /// How a run ended.
    struct Finished: Sendable {
        /// The exit status; nil after a signal.
        let status: Int32?
        let output: [UInt8]
        let errors: [UInt8]
    }

    /// Runs a program found in `PATH`. It has no terminal to ask at. It is also stopped when the task is cancelled.
    ///
    /// - Returns: nil when it did not end within `limit`.
    static func run(
        _ program: String, _ arguments: [String], environment: [Environment.Key: String], within limit: Duration
    ) async throws -> Finished? {
        var platform = PlatformOptions()
        // A session of its own: stopped as a whole, and without the terminal that ssh would ask for a password. Asked
        // to end first, so that git takes its lock files along.
        platform.createSession = true
        platform.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(500))
        ]
        let options = platform
        return try await withThrowingTaskGroup(of: Finished?.self) { group in
            group.addTask {
                let (output, errors) = (try MemoryFile(limit: 64 << 20), try MemoryFile(limit: 1 << 20))
                let result = try await Subprocess.run(
                    .name(program), arguments: Arguments(arguments), environment: .custom(environment),
                    platformOptions: options, output: output.output, error: errors.output)
                let status: Int32? = if case .exited(let code) = result.terminationStatus { code } else { nil }
                return Finished(status: status, output: try output.written(), errors: try errors.written())
            }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
