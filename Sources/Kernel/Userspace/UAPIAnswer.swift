import Model

/// The answer to `get=1` or `set=1`: the device, if one was asked for, and the error number of the program.
struct UAPIAnswer: Sendable {
    /// The device; without any key, port and peer in an answer to `set=1`.
    var device = ObservedDevice(
        implementation: .userspace, privateKey: nil, publicKey: nil, listenPort: 0, fwmark: 0, peers: [])
    /// 0, or a positive errno(3). Programs disagree about the sign.
    var errno: Int32 = 0

    /// Why an answer was not understood. Values are not repeated: a line may hold a secret.
    struct Malformed: Error, Hashable, CustomStringConvertible {
        /// The number of the line, from 1.
        let line: Int
        /// What was expected.
        let expected: String

        var description: String { "line \(line) of the answer is not \(expected)" }
    }

    /// Parses a whole answer up to its empty line. Keys it doesn't know are skipped, as the protocol asks for.
    init(parsing bytes: [UInt8]) throws(Malformed) {
        var reader = UAPIAnswerReader()
        var start = 0
        var isComplete = false
        while let end = Self.endOfLine(bytes, from: start) {
            reader.line += 1
            if end == start {
                isComplete = true
                break
            }
            try reader.read(bytes[start..<end])
            start = end + 1
        }
        reader.finishPeer()
        guard let errno = reader.errno, isComplete else {
            throw Malformed(line: reader.line + 1, expected: "an errno and an empty line at the end")
        }
        device.privateKey = reader.privateKey
        device.listenPort = reader.listenPort
        device.fwmark = reader.fwmark
        device.peers = reader.peers
        self.errno = errno
    }

    private static func endOfLine(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\n") { return index }
            index += 1
        }
        return nil
    }

    /// Whether the bytes end as every answer does.
    static func isComplete(_ bytes: [UInt8]) -> Bool {
        let count = bytes.count
        return count >= 2 && bytes[count - 1] == UInt8(ascii: "\n") && bytes[count - 2] == UInt8(ascii: "\n")
    }
}

/// Reads one line after another.
private struct UAPIAnswerReader {
    var line = 0
    var privateKey: SecretKey?
    var listenPort: UInt16 = 0
    var fwmark: UInt32 = 0
    var peers: [ObservedPeer] = []
    var errno: Int32?
    private var peer: ObservedPeer?

    /// A key of the protocol; length and first byte tell them apart before the bytes are compared.
    private static let keys = [
        "private_key", "listen_port", "fwmark", "public_key", "preshared_key", "endpoint", "last_handshake_time_sec",
        "tx_bytes", "rx_bytes", "persistent_keepalive_interval", "allowed_ip", "errno",
    ].map { Array($0.utf8) }

    mutating func finishPeer() {
        guard var finished = peer else { return }
        if finished.allowedIPs.count > 1 { finished.allowedIPs.sort() }
        peers.append(finished)
        peer = nil
    }

    mutating func read(_ text: ArraySlice<UInt8>) throws(UAPIAnswer.Malformed) {
        var equals = text.startIndex
        while equals < text.endIndex, text[equals] != UInt8(ascii: "=") { equals += 1 }
        guard equals < text.endIndex else { throw malformed("key=value") }
        let key = text[text.startIndex..<equals]
        let value = text[(equals + 1)...]
        guard let first = key.first else { throw malformed("key=value") }
        switch (key.count, first) {
        case (10, UInt8(ascii: "p")) where isKey(key, 3):
            finishPeer()
            guard let words = UAPIText.key(value) else { throw malformed("a public key") }
            peer = ObservedPeer(publicKey: PublicKey(words: words))
        case (10, UInt8(ascii: "a")) where isKey(key, 10):
            guard let prefix = Prefix(text: value) else { throw malformed("an allowed IP") }
            peer?.allowedIPs.append(prefix)
        case (8, UInt8(ascii: "e")) where isKey(key, 5):
            // An endpoint in a form the model has no value for (IPv4-mapped) is a learned one of no use later.
            peer?.endpoint = UAPIText.endpoint(value)
        case (23, UInt8(ascii: "l")) where isKey(key, 6):
            guard let seconds: UInt64 = UAPIText.number(value), let time = Int64(exactly: seconds) else {
                throw malformed("a time")
            }
            peer?.lastHandshake = time == 0 ? nil : Timestamp(seconds: time)
        case (8, UInt8(ascii: "t")) where isKey(key, 7):
            let number: UInt64 = try number(value)
            peer?.sentBytes = number
        case (8, UInt8(ascii: "r")) where isKey(key, 8):
            let number: UInt64 = try number(value)
            peer?.receivedBytes = number
        case (29, UInt8(ascii: "p")) where isKey(key, 9):
            let number: UInt16 = try number(value)
            peer?.persistentKeepalive = number
        case (13, UInt8(ascii: "p")) where isKey(key, 4):
            guard let words = UAPIText.key(value) else { throw malformed("a preshared key") }
            peer?.presharedKey = words == (0, 0, 0, 0) ? nil : SecretKey(words: words)
        case (11, UInt8(ascii: "p")) where isKey(key, 0):
            guard let words = UAPIText.key(value) else { throw malformed("a private key") }
            privateKey = words == (0, 0, 0, 0) ? nil : SecretKey(words: words)
        case (11, UInt8(ascii: "l")) where isKey(key, 1): listenPort = try number(value)
        case (6, UInt8(ascii: "f")) where isKey(key, 2): fwmark = try number(value)
        case (5, UInt8(ascii: "e")) where isKey(key, 11):
            let magnitude: UInt32 = try number(value.first == UInt8(ascii: "-") ? value.dropFirst() : value)
            errno = Int32(clamping: magnitude)
        default: break
        }
    }

    private func isKey(_ key: ArraySlice<UInt8>, _ index: Int) -> Bool { key.elementsEqual(Self.keys[index]) }

    private func number<Value: FixedWidthInteger & UnsignedInteger>(
        _ text: ArraySlice<UInt8>
    ) throws(UAPIAnswer.Malformed) -> Value {
        guard let value: Value = UAPIText.number(text) else { throw malformed("a number in range") }
        return value
    }

    private func malformed(_ expected: String) -> UAPIAnswer.Malformed { .init(line: line, expected: expected) }
}
