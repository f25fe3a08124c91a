internal import Glibc
internal import Synchronization

/// One thread that takes datagrams of its sockets and answers them, many by one call.
///
/// NIO's datagram channels make several objects of every datagram, which costs as much as answering it.
final class DatagramWorker: Sendable {
    private struct Orders {
        var sockets: [DatagramSocket] = []
        /// Grows with every change.
        var version = 0
        var isStopped = false
        /// Who waits until the thread has seen the last change.
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// Whether the thread runs.
        var isRunning = false
    }

    private let service: QueryService
    private let wake: WakeEvent
    private let orders = Mutex(Orders())

    init(_ service: QueryService) throws(SocketFailure) {
        self.service = service
        wake = try WakeEvent()
    }

    /// Takes datagrams of a socket from now on.
    func add(_ socket: DatagramSocket) {
        orders.withLock { orders in
            orders.sockets.append(socket)
            orders.version += 1
        }
        wake.signal()
    }

    /// Takes none of these any more, and closes them when the thread has let go of them.
    func remove(_ sockets: [DatagramSocket]) async {
        await release(sockets)
        for socket in sockets { socket.close() }
    }

    /// Takes none of these any more; returns when the thread has let go of them.
    func release(_ sockets: [DatagramSocket]) async {
        await withCheckedContinuation { continuation in
            let isGone = orders.withLock { orders in
                orders.sockets.removeAll { socket in sockets.contains { $0 === socket } }
                orders.version += 1
                guard orders.isRunning else { return true }
                orders.waiting.append(continuation)
                return false
            }
            if isGone { continuation.resume() } else { wake.signal() }
        }
    }

    /// Ends ``run()``.
    func stop() {
        orders.withLock { $0.isStopped = true }
        wake.signal()
    }

    /// Answers until ``stop()``; keeps its thread.
    func run() {
        guard let batch = DatagramBatch() else { return }
        orders.withLock { $0.isRunning = true }
        var version = -1
        var stations: [DatagramStation] = []
        let packets = PacketCache()
        var polled = [pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)]
        while let sockets = changes(since: &version) {
            if let sockets {
                stations = sockets.compactMap { socket in
                    stations.first { $0.socket === socket } ?? DatagramStation(socket, service, packets)
                }
                polled = [polled[0]]
                polled += stations.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            }
            let count = unsafe poll(&polled, nfds_t(polled.count), -1)
            guard count > 0 else { continue }
            if polled[0].revents != 0 { wake.clear() }
            for (index, station) in stations.enumerated() where polled[index + 1].revents != 0 {
                station.serve(batch)
                // Not polled again, or its error would keep the thread busy.
                if station.socket.isBroken { polled[index + 1].fd = -1 }
            }
        }
        let waiting = orders.withLock { orders in
            orders.isRunning = false
            defer { orders.waiting = [] }
            return orders.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// The sockets if they changed, `.some(nil)` if not, nil if the thread is to end. Tells who waits for a change that
    /// it is seen now.
    private func changes(since version: inout Int) -> [DatagramSocket]?? {
        let known = version
        let now = orders.withLock { orders in
            defer { orders.waiting = [] }
            return orders
        }
        for continuation in now.waiting { continuation.resume() }
        if now.isStopped { return nil }
        version = now.version
        return .some(now.version == known ? nil : now.sockets)
    }
}

/// One socket of a thread, with the desk that answers what comes by it.
private final class DatagramStation {
    /// Batches of one socket before the others have their turn.
    private static let mostBatches = 8

    let socket: DatagramSocket
    let descriptor: CInt
    private let desk: QueryDesk

    /// Nil if the socket is closed already.
    init?(_ socket: DatagramSocket, _ service: QueryService, _ packets: PacketCache) {
        guard let descriptor = socket.open else { return nil }
        self.socket = socket
        self.descriptor = descriptor
        desk = QueryDesk(service, device: socket.device, packets: packets)
    }

    func serve(_ batch: borrowing DatagramBatch) {
        for _ in 0..<Self.mostBatches {
            let count = batch.receive(descriptor)
            guard count > 0 else {
                switch -CInt(count) {
                case 0, EAGAIN, ECONNREFUSED, ENOMEM, ENOBUFS: break
                default: socket.fail()
                }
                return
            }
            desk.open()
            for number in 0..<count { answer(batch, number) }
            // Counted first: who has an answer finds it counted.
            desk.close()
            batch.send(descriptor)
            if count < DatagramBatch.capacity { return }
        }
    }

    private func answer(_ batch: borrowing DatagramBatch, _ number: Int) {
        let source = batch.source(number)
        let outcome = batch.withMessage(number) { desk.take($0, from: source.address, over: .datagram) }
        switch outcome {
        case .none: break
        case .answer(let bytes): batch.answer(number, bytes)
        case .later(let pending):
            socket.promise()
            Task { [socket] in
                if let bytes = await pending.answer() { socket.send(bytes, to: source) }
                socket.settle()
            }
        }
    }
}
