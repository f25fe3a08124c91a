/// One pass at a time per network namespace, across processes. `Database` implements it.
public protocol PassLock: Sendable {
    /// Runs `body` while no other process makes a pass in this namespace. Waits at most 10 s for its turn.
    ///
    /// - Throws: ``LockFailure``, or what `body` throws.
    func withPassLock<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value
}

/// A lock that can't be had.
public struct LockFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// Whether somebody has it, or it can't be used at all.
    public enum Kind: Sendable, Hashable {
        /// Another process holds it. Exit code 13.
        case held
        /// The lock file can't be made or opened. Exit code 1.
        case unusable
    }

    /// Whether somebody has it, or it can't be used at all.
    public let kind: Kind
    /// Which lock, who holds it since when or why it can't be used, and what to do.
    public let description: String

    /// A failure.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
