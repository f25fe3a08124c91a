import Model
import NIOCore
import Synchronization

/// One open connection.
final class Connection: Sendable {
    /// Who is at the other end.
    enum Origin: Sendable, Hashable {
        /// A host.
        case remote(IPAddress)
        /// A process of this host, at the unix socket; nil: an unknown one.
        case local(LocalUser?)
    }

    let channel: any Channel
    let origin: Origin
    /// Whether it is encrypted.
    let isSecure: Bool
    /// Where it stands in the table.
    let slot: Int
    private let table: ConnectionTable
    /// What writes an endless answer, to be ended when the client goes or the server stops.
    private let stream = Mutex(Stream())

    private struct Stream {
        var end: (@Sendable () -> Void)?
        var isOver = false
    }

    init(_ channel: any Channel, _ origin: Origin, isSecure: Bool, slot: Int, table: ConnectionTable) {
        self.channel = channel
        self.origin = origin
        self.isSecure = isSecure
        self.slot = slot
        self.table = table
    }

    /// A request is being answered: the connection is not closed to make room.
    func beginAnswer() { table.begin(self) }

    /// The client showed who he is: others are closed first.
    func setKnown() { table.setKnown(self) }

    /// The answer is written.
    func endAnswer() { table.end(self) }

    /// It is closed.
    func setClosed() {
        table.remove(self)
        endStream()
    }

    /// Writes an endless answer in `task`, which is cancelled when the connection ends.
    func runStream(_ task: Task<Void, any Error>) async throws {
        let isOver = stream.withLock { stream in
            stream.end = { task.cancel() }
            return stream.isOver
        }
        if isOver { task.cancel() }
        defer { stream.withLock { $0.end = nil } }
        try await task.value
    }

    /// Ends the answer that would not end by itself.
    func endStream() {
        let end = stream.withLock { stream in
            stream.isOver = true
            return stream.end
        }
        end?()
    }

    /// The server stops: a running request ends, and no other begins.
    func quiesce() {
        endStream()
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
}
