internal import CSocket
internal import Glibc
internal import Synchronization

/// A bound UDP socket, of which there is one per thread and listener.
final class DatagramSocket: Sendable {
    let device: String
    private let descriptor: Mutex<CInt?>
    private let failed = Atomic<Bool>(false)
    private let owed = Atomic<Int>(0)

    /// Takes a descriptor, and closes it in ``close()``.
    init(_ descriptor: CInt, device: String) {
        self.descriptor = Mutex(descriptor)
        self.device = device
    }

    /// The descriptor, for the thread that takes datagrams of it until it is told that the socket is no more; nil if it
    /// is closed.
    var open: CInt? { descriptor.withLock { $0 } }

    /// Whether the socket can't be used any more.
    var isBroken: Bool { failed.load(ordering: .relaxed) }

    func fail() { failed.store(true, ordering: .relaxed) }

    /// Sends an answer that came late; nothing if the socket is closed meanwhile.
    func send(_ bytes: [UInt8], to place: csocket_place) {
        descriptor.withLock { descriptor in
            guard let descriptor else { return }
            unsafe bytes.withUnsafeBufferPointer { buffer in
                _ = unsafe csocket_send(descriptor, place, buffer.baseAddress, buffer.count)
            }
        }
    }

    /// Whether answers are still to come that were promised by ``promise()``.
    var owesAnswers: Bool { owed.load(ordering: .acquiring) > 0 }

    /// Notes that an answer comes later; ``settle()`` is called when it did.
    func promise() { owed.add(1, ordering: .relaxed) }

    func settle() { owed.subtract(1, ordering: .releasing) }

    func close() {
        descriptor.withLock { descriptor in
            if let open = descriptor { _ = Glibc.close(open) }
            descriptor = nil
        }
    }

    deinit { close() }
}
