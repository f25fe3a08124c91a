import AsyncHTTPClient
import NIOCore

/// A client for one exchange that is over in time, whatever the server does.
enum BoundedClient {
    /// Runs an exchange with a client of its own, which is gone afterwards.
    ///
    /// - Throws: what `body` throws; an error of the client when the time is over.
    static func run<Value>(
        _ configuration: HTTPClient.Configuration, within time: Duration,
        _ body: (HTTPClient) async throws -> Value
    ) async throws -> Value {
        let client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
        // The deadline of a request ends with the head of its answer; this one holds for the body too.
        let timer = client.eventLoopGroup.any().scheduleTask(in: TimeAmount(time)) { client.shutdown { _ in } }
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body(client))
        } catch {
            outcome = .failure(error)
        }
        timer.cancel()
        do {
            try await client.shutdown()
        } catch let error as HTTPClientError where error == .alreadyShutdown {
            // By the timer.
        }
        return try outcome.get()
    }
}
