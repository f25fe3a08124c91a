/// The lock that keeps two processes from changing one network namespace at a time (DESIGN 5.8).
public protocol PassLock: Sendable {
    /// Takes the lock, waiting up to `timeout`.
    ///
    /// - Throws: ``PassLocked`` when somebody else still holds it.
    func acquire(timeout: Duration) async throws(PassLocked)

    /// Gives the lock back.
    func release() async
}

/// Somebody else holds the pass lock. Exit code 13.
public struct PassLocked: Error, Sendable, Hashable, CustomStringConvertible {
    /// Who: process id and command, as far as the holder record says.
    public let holder: String

    /// A lock held by `holder`.
    public init(holder: String) {
        self.holder = holder
    }

    /// Names the holder.
    public var description: String { "another pass is running: \(holder); wait for it or stop it" }
}

/// No lock: for passes that write nothing, and for tests.
public struct NoPassLock: PassLock {
    /// A lock that is always free.
    public init() {}
    /// Returns at once.
    public func acquire(timeout: Duration) async throws(PassLocked) {}
    /// Does nothing.
    public func release() async {}
}
