import Model

/// The answer to `get=1` or `set=1`: the device, if one was asked for, and the error number of the program.
struct UAPIAnswer: Sendable {
    /// The device; without any key, port and peer in an answer to `set=1`.
    let device: ObservedDevice
    /// 0, or a positive errno(3). Programs disagree about the sign.
    let errno: Int32

    /// Why an answer was not understood. Values are not repeated: a line may hold a secret.
    struct Malformed: Error, Hashable, CustomStringConvertible {
        /// The number of the line, from 1.
        let line: Int
        /// What was expected.
        let expected: String

        var description: String { "line \(line) of the answer is not \(expected)" }
    }

    /// Parses a whole answer up to its empty line.
    init(parsing bytes: [UInt8]) throws(Malformed) {
        // A peer has about 330 bytes.
        var reader = UAPIAnswerReader(expectedPeers: bytes.count / 330)
        _ = try reader.take(bytes.span)
        self = try reader.finish()
    }

    /// What a reader has read.
    init(device: ObservedDevice, errno: Int32) {
        self.device = device
        self.errno = errno
    }
}
