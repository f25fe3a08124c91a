@testable import Netlink

/// Plays back answers message by message, to force what a real kernel does only rarely.
final class FakeKernel: Transport {
    /// One message of an answer. Sequence and port id follow the request unless they are to be wrong.
    struct Reply {
        var type: Int
        var flags: UInt16 = 0
        var payload: [UInt8] = []
        var wrongSequence: UInt32 = 0
        var wrongPort: UInt32 = 0

        /// `NLMSG_ERROR` with errno 0, or the end of a refused request; `tail` are the extended attributes.
        static func acknowledgement(_ errno: Int32 = 0, flags: UInt16 = 0x100, tail: [UInt8] = []) -> Reply {
            Reply(type: 2, flags: flags, payload: word(-errno) + [UInt8](repeating: 0, count: 16) + tail)
        }

        /// `NLMSG_DONE`.
        static func done(_ errno: Int32 = 0, flags: UInt16 = 2) -> Reply {
            Reply(type: 3, flags: flags, payload: word(-errno))
        }
    }

    /// What one call of `receive` brings.
    enum Step {
        case messages([Reply])
        case bytes([UInt8])
        case failure(NetlinkError)
        case silence
    }

    let portID: UInt32 = 0x4711
    private(set) var requests: [[UInt8]] = []
    private(set) var discards = 0
    private var answers: [[Step]]
    private var steps: [Step] = []

    /// One answer per request, in order.
    init(_ answers: [[Step]]) { self.answers = answers }

    func send(_ datagram: [UInt8]) throws(NetlinkError) {
        requests.append(datagram)
        steps += answers.isEmpty ? [] : answers.removeFirst()
    }

    func receive(into buffer: inout [UInt8]) throws(NetlinkError) -> Int? {
        guard !steps.isEmpty else { return nil }
        let datagram: [UInt8]
        switch steps.removeFirst() {
        case .silence: return nil
        case .failure(let error): throw error
        case .bytes(let bytes): datagram = bytes
        case .messages(let replies): datagram = replies.flatMap(bytes)
        }
        buffer.replaceSubrange(0..<datagram.count, with: datagram)
        return datagram.count
    }

    func discard() {
        discards += 1
        steps = []
    }

    private func bytes(_ reply: Reply) -> [UInt8] {
        let sequence: UInt32 = requests.last.map { integer($0, at: 8) } ?? 0
        var bytes = word(Int32(16 + reply.payload.count))
        bytes += [UInt8(reply.type & 0xff), UInt8(reply.type >> 8), UInt8(reply.flags & 0xff), UInt8(reply.flags >> 8)]
        bytes += word(Int32(bitPattern: sequence &+ reply.wrongSequence))
        bytes += word(Int32(bitPattern: portID &+ reply.wrongPort)) + reply.payload
        return bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }
}

/// The bytes of an integer as the kernel has it on this machine.
func word(_ value: Int32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value.littleEndian >> ($0 * 8)) }
}

/// An integer out of a message, read without the code under test.
func integer(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32($1 * 8) }
}

/// An attribute with its padding.
func attribute(_ type: Int, _ payload: [UInt8]) -> [UInt8] {
    let length = payload.count + 4
    return [UInt8(length & 0xff), UInt8(length >> 8), UInt8(type & 0xff), UInt8(type >> 8)] + payload
        + [UInt8](repeating: 0, count: (4 - length % 4) % 4)
}
