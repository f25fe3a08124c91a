import Synchronization

/// A lock that is held until ``release()``, or until this value goes.
public final class HeldLock: Sendable {
    private let file: Mutex<OpenFile?>

    init(_ file: consuming OpenFile) {
        self.file = Mutex(file)
    }

    /// Releases the lock. Releasing it again does nothing.
    public func release() { file.withLock { $0 = nil } }
}
