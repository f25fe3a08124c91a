/// No lock: for previews, which write nothing, and for tests.
public struct NoPassLock: PassLock {
    /// A lock that is always free.
    public init() {}

    /// Runs `body` at once.
    public func withPassLock<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await body()
    }
}
