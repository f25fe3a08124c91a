import UnixSignals

/// SIGINT and SIGTERM as cancellation: what runs ends at its next safe point instead of in the middle of a write.
enum Interruption {
    /// Runs `body` and cancels it when a signal comes.
    static func cancelling<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let work = Task { try await body() }
        let watch = Task {
            for await _ in signals { work.cancel() }
        }
        defer { watch.cancel() }
        return try await work.value
    }
}
