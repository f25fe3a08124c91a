internal import CLibMnl
internal import Glibc

/// Requests and their replies on one socket (man 7 netlink): sequence numbers, acknowledgements, multi-part dumps.
///
/// Every reply is checked against the sequence number and port id of its request. A dump that the kernel marks as
/// interrupted (`NLM_F_DUMP_INTR`), or that lost messages (`ENOBUFS`), is read again, a bounded number of times.
final class Conversation {
    /// The kernel fills at most 32 KiB per read of a dump, and gives that much only to a reader that offers it.
    static let bufferSize = 65_536
    private static let attempts = 10

    private let transport: any Transport
    private var sequence: UInt32 = 0
    private var buffer: [UInt8]

    init(_ transport: any Transport) {
        self.transport = transport
        buffer = [UInt8](repeating: 0, count: Self.bufferSize)
    }

    var portID: UInt32 { transport.portID }

    /// Sends a request that changes something and waits for its acknowledgement.
    func execute(
        _ request: MessageBuilder, _ operation: @autoclosure () -> String
    ) throws(NetlinkError) {
        try converse(request.finished, request.problem, Int(NLM_F_ACK), operation) { (_, _) throws(NetlinkError) in }
    }

    /// Sends a finished request, as the packing of WireGuard messages makes them, and waits for its acknowledgement.
    func execute(message: [UInt8], _ operation: @autoclosure () -> String) throws(NetlinkError) {
        try converse(message, nil, Int(NLM_F_ACK), operation) { (_, _) throws(NetlinkError) in }
    }

    /// Sends a request for one object and returns it; the acknowledgement behind it ends the conversation.
    func get<Object>(
        _ request: MessageBuilder, _ operation: @autoclosure () -> String,
        decode: (Message, RawSpan) throws(NetlinkError) -> Object?
    ) throws(NetlinkError) -> Object {
        var object: Object?
        try converse(request.finished, request.problem, Int(NLM_F_ACK), operation) {
            (message, bytes) throws(NetlinkError) in
            if object == nil { object = try decode(message, bytes) }
        }
        guard let object else { throw .malformed("\(operation()): an acknowledgement without an object") }
        return object
    }

    /// Sends a dump request and collects its parts into `initial`, beginning again when the dump was interrupted.
    func dump<State>(
        _ request: MessageBuilder, _ initial: State, _ operation: @autoclosure () -> String,
        collect: (inout State, Message, RawSpan) throws(NetlinkError) -> Void
    ) throws(NetlinkError) -> State {
        for _ in 0..<Self.attempts {
            var state = initial
            var isInterrupted = false
            do throws(NetlinkError) {
                try converse(request.finished, request.problem, Int(NLM_F_DUMP), operation) {
                    (message, bytes) throws(NetlinkError) in
                    if message.isSet(NLM_F_DUMP_INTR) { isInterrupted = true }
                    // What is read of an interrupted dump is thrown away; only its end matters.
                    if !isInterrupted, message.type != NLMSG_DONE { try collect(&state, message, bytes) }
                }
            } catch .overrun {
                continue
            } catch .refused(let refusal) where refusal.errno == EINTR || refusal.errno == EAGAIN {
                continue
            }
            if !isInterrupted { return state }
        }
        throw .interrupted(operation: operation(), attempts: Self.attempts)
    }

    /// Sends one request and hands each message of its reply to `body`, until the one that ends the conversation.
    ///
    /// `NLMSG_DONE` is handed over too, because it may carry `NLM_F_DUMP_INTR`.
    private func converse(
        _ request: [UInt8], _ problem: String?, _ flags: Int, _ operation: () -> String,
        _ body: (Message, RawSpan) throws(NetlinkError) -> Void
    ) throws(NetlinkError) {
        if let problem { throw .unencodable("\(operation()): \(problem)") }
        sequence &+= 1
        if sequence == 0 { sequence = 1 }
        var request = request
        let requested = unsafe request.span.bytes.load(UInt16.self, at: 6)
        store(requested | UInt16(truncatingIfNeeded: flags), at: 6, in: &request)
        store(sequence, at: 8, in: &request)
        store(portID, at: 12, in: &request)
        try transport.send(request)
        // A span of a stored property can't outlive one access, one of a local can: borrow the buffer.
        var buffer: [UInt8] = []
        swap(&buffer, &self.buffer)
        defer { swap(&buffer, &self.buffer) }
        do throws(NetlinkError) {
            var isOver = false
            while !isOver {
                guard let count = try transport.receive(into: &buffer) else { throw .timedOut(operation: operation()) }
                guard count > 0, count <= buffer.count else { throw .malformed("a datagram of \(count) bytes") }
                isOver = try read(unsafe buffer.span.bytes.extracting(0..<count), operation, body)
            }
        } catch {
            // The rest of a broken-off reply must not be taken for the next one.
            if case .refused = error {} else { transport.discard() }
            throw error
        }
    }

    /// Reads one datagram; true when it holds the message that ends the conversation.
    private func read(
        _ bytes: RawSpan, _ operation: () -> String, _ body: (Message, RawSpan) throws(NetlinkError) -> Void
    ) throws(NetlinkError) -> Bool {
        var messages = MessageCursor()
        while let message = try messages.next(in: bytes) {
            guard message.portID == portID else {
                throw .malformed("\(operation()): a reply for port \(message.portID), ours is \(portID)")
            }
            guard message.sequence == sequence else {
                throw .malformed("\(operation()): a reply to request \(message.sequence), ours is \(sequence)")
            }
            switch message.type {
            case Int(NLMSG_ERROR):
                try ExtendedAck(error: message, in: bytes).check(operation)
                return true
            case Int(NLMSG_DONE):
                try body(message, bytes)
                try ExtendedAck(done: message, in: bytes).check(operation)
                return true
            case Int(NLMSG_NOOP): continue
            case Int(NLMSG_OVERRUN): throw .overrun
            default: try body(message, bytes)
            }
        }
        return false
    }
}
