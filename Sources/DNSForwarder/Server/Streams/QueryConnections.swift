internal import NIOCore
internal import Synchronization

/// The TCP connections of one listener.
final class QueryConnections: Sendable {
    /// The most connections of a listener, whoever's they are.
    private static let most = 1000

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())
    private let owed = Atomic<Int>(0)

    /// Whether a connection waits for an answer, or was accepted and has not asked yet.
    var oweAnswers: Bool { owed.load(ordering: .acquiring) > 0 }

    func promise() { owed.add(1, ordering: .relaxed) }

    func settle() { owed.subtract(1, ordering: .releasing) }

    /// Adds a connection; false if there are too many, or the listener is closed.
    func add(_ channel: any Channel) -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.channels.count < Self.most else { return false }
            state.channels[ObjectIdentifier(channel)] = channel
            return true
        }
    }

    func remove(_ channel: any Channel) { state.withLock { $0.channels[ObjectIdentifier(channel)] = nil } }

    /// Closes all at once, and takes no more.
    func close() async {
        let channels = state.withLock { state in
            state.isClosed = true
            return Array(state.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
        for channel in channels { try? await channel.closeFuture.get() }
    }
}
