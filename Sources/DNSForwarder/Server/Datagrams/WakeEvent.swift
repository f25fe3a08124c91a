internal import CSocket
internal import Glibc

/// Ends the wait of a thread (eventfd(2)).
final class WakeEvent: Sendable {
    let descriptor: CInt

    init() throws(SocketFailure) {
        let descriptor = csocket_event()
        guard descriptor >= 0 else { throw SocketFailure(errno: -descriptor) }
        self.descriptor = descriptor
    }

    deinit { _ = close(descriptor) }

    func signal() {
        var one: UInt64 = 1
        _ = unsafe write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    func clear() {
        var count: UInt64 = 0
        _ = unsafe read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
}
