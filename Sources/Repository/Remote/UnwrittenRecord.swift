import Synchronization

/// What is known about the remote while it can't be written beside the repository, because its disk is full or read-only.
final class UnwrittenRecord: Sendable {
    private let value = Mutex<RemoteRecord?>(nil)

    /// Nil: the file has it.
    var record: RemoteRecord? {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}
