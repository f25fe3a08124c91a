public import Model

/// Remembers requests that are done once.
public protocol IdempotencyStore: Sendable {
    /// What is remembered under a key; nil: nothing, or it is older than ``IdempotencyRecord/lifetime``.
    func idempotencyRecord(_ key: String, now: Timestamp) async throws -> IdempotencyRecord?

    /// Remembers a request; it is on disk when the call returns. Forgets what is too old or too much.
    func recordIdempotency(_ record: IdempotencyRecord) async throws
}
