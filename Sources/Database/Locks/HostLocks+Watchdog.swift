import Glibc
public import Reconciler

/// What the watchdog needs of the locks: one of its own, by which others know that it lives, and a way past a pass that
/// hangs.
extension HostLocks {
    /// Takes the lock of the watchdog; nil when another one watches.
    ///
    /// - Throws: ``LockFailure`` when the lock file can't be used.
    public func takeWatchdogLock() throws(LockFailure) -> HeldLock? {
        if case .taken(let lock) = try attempt("watchdog") { return lock }
        return nil
    }

    /// Who watches: process id, command and since when; nil: nobody.
    ///
    /// - Throws: ``LockFailure`` when the lock file can't be looked at.
    public func watchdogHolder() throws(LockFailure) -> String? { try holder(of: "watchdog") }

    /// Waits until no pass is under way, but not for ever: its process is ended when it does not yield in time.
    ///
    /// - Parameters:
    ///   - patience: how long it may take.
    ///   - end: ends the process of this id.
    /// - Returns: whether the lock was free at the end.
    /// - Throws: ``LockFailure`` when the lock file can't be used.
    public func endStuckPass(after patience: Duration, end: (Int32) async -> Void) async throws -> Bool {
        let limit = ContinuousClock.now + patience
        while ContinuousClock.now < limit {
            if case .taken(let lock) = try attempt("pass") {
                lock.release()
                return true
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        // The record of one that ended just now may still stand there, and its number may be another's by now.
        if let holder = try passHolder(), holder.process != getpid(), let start = holder.start,
            ProcessStart.ticks(of: holder.process) == start
        {
            await end(holder.process)
        }
        if case .taken(let lock) = try attempt("pass") {
            lock.release()
            return true
        }
        return false
    }
}
