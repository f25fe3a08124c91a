@testable import Netlink

/// Answers the first request with a datagram, and then is silent.
final class OneAnswer: Transport {
    let portID: UInt32 = 0x4711
    private var datagram: [UInt8]?
    private let isAddressed: Bool

    /// - Parameter isAddressed: whether each message gets the sequence number and the port id of the request.
    init(_ datagram: [UInt8], isAddressed: Bool = true) {
        self.datagram = datagram
        self.isAddressed = isAddressed
    }

    func send(_ request: [UInt8]) {
        guard isAddressed, var answer = datagram else { return }
        var start = 0
        while start + 16 <= answer.count {
            answer.replaceSubrange(start + 8..<start + 12, with: request[8..<12])
            answer.replaceSubrange(start + 12..<start + 16, with: [0x11, 0x47, 0, 0])
            let length = (0..<4).reduce(0) { $0 | Int(answer[start + $1]) << ($1 * 8) }
            guard length >= 16 else { break }
            start += (length + 3) & ~3
        }
        datagram = answer
    }

    func receive(into buffer: inout [UInt8]) -> Int? {
        guard let answer = datagram, answer.count <= buffer.count else { return nil }
        datagram = nil
        buffer.replaceSubrange(0..<answer.count, with: answer)
        return answer.count
    }

    func discard() { datagram = nil }
}
