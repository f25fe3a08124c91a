import Model

/// Reads an answer line by line, as it comes. Keys it doesn't know are skipped, as the protocol asks for.
struct UAPIAnswerReader {
    /// Whether the empty line has come that ends an answer.
    private(set) var isComplete = false
    private var line = 0
    private var device = ObservedDevice(
        implementation: .userspace, privateKey: nil, publicKey: nil, listenPort: 0, fwmark: 0, peers: [])
    private var errno: Int32?
    private var peer: ObservedPeer?

    /// A reader that has room for some peers, and makes more where they come.
    init(expectedPeers: Int) {
        device.peers.reserveCapacity(expectedPeers)
    }

    /// Takes whole lines, up to the empty one; returns how many bytes they are. What is left is the beginning of a line.
    mutating func take(_ bytes: Span<UInt8>) throws(UAPIAnswer.Malformed) -> Int {
        var start = 0
        while !isComplete, let end = Self.endOfLine(bytes, from: start) {
            line += 1
            if end == start { isComplete = true } else { try read(bytes.extracting(start..<end)) }
            start = end + 1
        }
        return start
    }

    private static func endOfLine(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\n") { return index }
            index += 1
        }
        return nil
    }

    /// The answer.
    consuming func finish() throws(UAPIAnswer.Malformed) -> UAPIAnswer {
        finishPeer()
        guard let errno, isComplete else {
            throw UAPIAnswer.Malformed(line: line + 1, expected: "an errno and an empty line at the end")
        }
        return UAPIAnswer(device: device, errno: errno)
    }

    private mutating func finishPeer() {
        guard var finished = peer else { return }
        if finished.allowedIPs.count > 1 { finished.allowedIPs.sort() }
        device.peers.append(finished)
        peer = nil
    }

    private mutating func read(_ line: Span<UInt8>) throws(UAPIAnswer.Malformed) {
        var equals = 0
        while equals < line.count, line[equals] != UInt8(ascii: "=") { equals += 1 }
        guard (1..<line.count).contains(equals) else { throw malformed("key=value") }
        let key = line.extracting(0..<equals)
        let value = line.extracting(equals + 1..<line.count)
        // The length and the first byte of a key tell them all apart but for those that nobody has invented yet.
        switch (equals, line[0]) {
        case (10, UInt8(ascii: "p")) where isKey(key, "public_key"):
            finishPeer()
            guard let words = UAPIText.key(value) else { throw malformed("a public key") }
            peer = ObservedPeer(publicKey: PublicKey(words: words))
        case (10, UInt8(ascii: "a")) where isKey(key, "allowed_ip"):
            guard let prefix = Prefix(text: value) else { throw malformed("an allowed IP") }
            peer?.allowedIPs.append(prefix)
        case (8, UInt8(ascii: "e")) where isKey(key, "endpoint"):
            // An endpoint in a form the model has no value for (IPv4-mapped) is a learned one of no use later.
            peer?.endpoint = UAPIText.endpoint(value)
        case (23, UInt8(ascii: "l")) where isKey(key, "last_handshake_time_sec"):
            guard let seconds: UInt64 = UAPIText.number(value), let time = Int64(exactly: seconds) else {
                throw malformed("a time")
            }
            peer?.lastHandshake = time == 0 ? nil : Timestamp(seconds: time)
        case (8, UInt8(ascii: "t")) where isKey(key, "tx_bytes"):
            let number: UInt64 = try number(value)
            peer?.sentBytes = number
        case (8, UInt8(ascii: "r")) where isKey(key, "rx_bytes"):
            let number: UInt64 = try number(value)
            peer?.receivedBytes = number
        case (29, UInt8(ascii: "p")) where isKey(key, "persistent_keepalive_interval"):
            let number: UInt16 = try number(value)
            peer?.persistentKeepalive = number
        case (13, UInt8(ascii: "p")) where isKey(key, "preshared_key"):
            guard let words = UAPIText.key(value) else { throw malformed("a preshared key") }
            peer?.presharedKey = words == (0, 0, 0, 0) ? nil : SecretKey(words: words)
        case (11, UInt8(ascii: "p")) where isKey(key, "private_key"):
            guard let words = UAPIText.key(value) else { throw malformed("a private key") }
            device.privateKey = words == (0, 0, 0, 0) ? nil : SecretKey(words: words)
        case (11, UInt8(ascii: "l")) where isKey(key, "listen_port"): device.listenPort = try number(value)
        case (6, UInt8(ascii: "f")) where isKey(key, "fwmark"): device.fwmark = try number(value)
        case (5, UInt8(ascii: "e")) where isKey(key, "errno"):
            let isNegative = !value.isEmpty && value[0] == UInt8(ascii: "-")
            let magnitude: UInt32 = try number(value.extracting((isNegative ? 1 : 0)..<value.count))
            errno = Int32(clamping: magnitude)
        default: break
        }
    }

    private func isKey(_ key: Span<UInt8>, _ name: StaticString) -> Bool {
        guard key.count == name.utf8CodeUnitCount else { return false }
        for index in key.indices where unsafe key[index] != name.utf8Start[index] { return false }
        return true
    }

    private func number<Value: FixedWidthInteger & UnsignedInteger>(
        _ text: Span<UInt8>
    ) throws(UAPIAnswer.Malformed) -> Value {
        guard let value: Value = UAPIText.number(text) else { throw malformed("a number in range") }
        return value
    }

    private func malformed(_ expected: String) -> UAPIAnswer.Malformed { .init(line: line, expected: expected) }
}
