internal import Logging
internal import Model
internal import NIOCore
internal import Synchronization

/// Keeps listeners as they are wanted: opens what is missing, closes what is not wanted, and opens again what is no
/// longer bound to what is there. A listener that can't be opened waits; nothing here is fatal.
final class ListenerSet: Sendable {
    private struct Entry {
        var listener: Listener?
        var reason: String?
    }

    private let service: QueryService
    private let workers: [DatagramWorker]
    private let group: any EventLoopGroup
    private let store: (any SocketStore)?
    private let logger: Logger
    private let entries = Mutex<[ListenAddress: Entry]>([:])

    init(
        _ service: QueryService, workers: [DatagramWorker], group: any EventLoopGroup, store: (any SocketStore)?,
        logger: Logger
    ) {
        self.store = store
        self.service = service
        self.workers = workers
        self.group = group
        self.logger = logger
    }

    /// Where each of these stands.
    func statuses(_ wanted: Set<ListenAddress>) -> [ListenerStatus] {
        let entries = entries.withLock { $0 }
        return wanted.sorted().map { listen in
            let entry = entries[listen]
            let isOpen = entry?.listener != nil
            return ListenerStatus(
                listen: listen, state: isOpen ? .listening : .waiting(reason: entry?.reason ?? "not opened yet"))
        }
    }

    /// Makes the listeners as they are wanted. Not to be called again before it is done.
    func reconcile(_ wanted: Set<ListenAddress>) async {
        let present = entries.withLock { $0 }
        for (listen, entry) in present where !wanted.contains(listen) {
            entries.withLock { $0[listen] = nil }
            guard let listener = entry.listener else { continue }
            await listener.end()
            logger.info("dns listener closed", metadata: ["listen": "\(listen)"])
        }
        if let store { await KeptSockets.closeUnwanted(store, wanted: wanted) }
        for listen in wanted.sorted() { await keep(listen, present[listen] ?? Entry()) }
    }

    /// Ends all listeners. Where sockets are kept, queries wait in them from now on, and what was asked before is answered
    /// within `patience`.
    func end(patience: Duration) async {
        let listeners = entries.withLock { $0.values.compactMap(\.listener) }
        if store != nil {
            for listener in listeners { await listener.pause() }
            let end = ContinuousClock.now + patience
            while listeners.contains(where: \.owesAnswers), ContinuousClock.now < end {
                do { try await Task.sleep(for: .milliseconds(2)) } catch { break }
            }
        }
        await service.close()
        entries.withLock { $0 = [:] }
        for listener in listeners { await listener.close() }
    }

    private func keep(_ listen: ListenAddress, _ entry: Entry) async {
        do {
            if let listener = entry.listener {
                // Sockets of an address that is gone are closed too, so that "waiting" means that none is open.
                let isSound = Result { () throws(SocketFailure) in try listener.isSound() }
                if case .success(true) = isSound { return }
                entries.withLock { $0[listen] = Entry() }
                await listener.end()
                if case .failure(let failure) = isSound { throw failure }
                logger.info("dns listener is opened again", metadata: ["listen": "\(listen)"])
            }
            let listener = try await Listener(listen, service, workers: workers, group: group, store: store)
            entries.withLock { $0[listen] = Entry(listener: listener) }
            logger.info("dns listener open", metadata: ["listen": "\(listen)"])
        } catch {
            let reason = (error as? SocketFailure)?.reason(listen) ?? "\(error)"
            entries.withLock { $0[listen] = Entry(reason: reason) }
            guard reason != entry.reason else { return }
            logger.warning("dns listener waits", metadata: ["listen": "\(listen)", "reason": "\(reason)"])
        }
    }
}
