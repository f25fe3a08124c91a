import Glibc
import Model
import NIOCore
import Synchronization

/// One open connection.
final class Connection: Sendable {
    /// Who is at the other end.
    enum Origin: Sendable, Hashable {
        /// A host.
        case remote(IPAddress)
        /// A host, at the listener where only metrics are answered.
        case scraper(IPAddress)
        /// A process of this host, at the unix socket; nil: an unknown one.
        case local(LocalUser?)
    }

    let channel: any Channel
    let origin: Origin
    /// Whether it is encrypted.
    let isSecure: Bool
    /// When it was accepted, in milliseconds since the host started.
    let acceptedAt = Connection.uptime
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

    /// Milliseconds since the host started, suspended time included.
    private static var uptime: Int64 {
        // Two words, as `timespec` is made of: which module its members belong to depends on what else a target imports.
        var words = [0, 0]
        let status = unsafe words.withUnsafeMutableBytes { bytes -> Int32 in
            guard let first = bytes.baseAddress else { return Int32(-1) }
            return unsafe clock_gettime(CLOCK_BOOTTIME, first.assumingMemoryBound(to: timespec.self))
        }
        return status == 0 ? Int64(words[0]) * 1000 + Int64(words[1]) / 1_000_000 : 0
    }

    /// What an operation may know of it; nil at the unix socket.
    var path: ConnectionPath? {
        switch origin {
        case .local: nil
        case .remote(let peer), .scraper(let peer):
            ConnectionPath(
                peer: peer, own: channel.localAddress?.ipAddress.flatMap { IPAddress($0) }, acceptedAt: acceptedAt)
        }
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

    /// The pieces of an endless answer until the connection ends. A client that is 64 of them behind is let go: it comes
    /// back and asks for what it missed.
    func stream(_ pieces: AsyncStream<[UInt8]>) -> AsyncStream<[UInt8]> {
        AsyncStream(bufferingPolicy: .bufferingOldest(64)) { continuation in
            let forward = Task {
                for await piece in pieces {
                    if case .dropped = continuation.yield(piece) { break }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in forward.cancel() }
            let isOver = stream.withLock { stream in
                stream.end = { continuation.finish() }
                return stream.isOver
            }
            if isOver { continuation.finish() }
        }
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
