import Synchronization

/// Whether somebody asked a pass to stop. A pass never stops between a write and its record: what was begun is read
/// back and recorded, and what was not begun is not tried.
final class Interruption: Sendable {
    private let flag = Mutex(false)

    /// Whether no further step should begin.
    var isRequested: Bool { flag.withLock { $0 } }

    func request() { flag.withLock { $0 = true } }
}
