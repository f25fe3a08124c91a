import Model
import Reconciler

/// The bytes of a `get=1` or `set=1` request (wireguard.com/xplatform). One request carries any number of peers.
struct UAPIRequest: Sendable {
    /// The request, its closing empty line included. It may hold secrets: ``wipe()`` it after sending.
    private(set) var bytes: [UInt8]

    /// Asks for the device with all peers.
    static let get = UAPIRequest(bytes: Array("get=1\n\n".utf8))

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Sets attributes of the device; nil fields stay.
    init(_ change: DeviceChange) {
        bytes = Array("set=1\n".utf8)
        if let key = change.privateKey { append("private_key=", key.words) }
        if let port = change.listenPort { append("listen_port=", UInt64(port)) }
        if let mark = change.fwmark { append("fwmark=", UInt64(mark)) }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Applies peer operations.
    ///
    /// Prefixes that leave a live peer are given to a peer with the key `throwaway`, which is removed again before any
    /// other line: so none of them is taken from a peer that gets it in this request.
    ///
    /// - Parameters:
    ///   - throwaway: a key that is no peer of the device.
    ///   - keepalives: the value that a wake goes back to, by peer, where the operation names none; absent = 0.
    init(_ operations: [PeerOperation], throwaway: PublicKey, keepalives: [PublicKey: UInt16] = [:]) {
        bytes = Array("set=1\n".utf8)
        bytes.reserveCapacity(operations.count * 320)
        let removed = operations.lazy.filter { $0.action != .remove }.flatMap(\.removeAllowedIPs)
        if !removed.isEmpty {
            append("public_key=", throwaway.words)
            for prefix in removed { append("allowed_ip=", prefix) }
            append("public_key=", throwaway.words)
            append("remove=true\n")
        }
        for operation in operations { append(operation, keepalives: keepalives) }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(_ operation: PeerOperation, keepalives: [PublicKey: UInt16]) {
        append("public_key=", operation.publicKey.words)
        switch operation.action {
        case .remove:
            append("remove=true\n")
            return
        case .update: append("update_only=true\n")
        case .add: break
        }
        switch operation.presharedKey {
        case .some(.none): append("preshared_key=", (0, 0, 0, 0))
        case .some(.key(let key)): append("preshared_key=", key.words)
        case nil: break
        }
        if let endpoint = operation.endpoint { append("endpoint=", endpoint) }
        // A keepalive is sent at once only when the interval goes from 0 to another value, and only when the next
        // `public_key` line closes the peer: hence three turns.
        let keepalive = operation.wake ? 0 : operation.persistentKeepalive
        if let keepalive { append("persistent_keepalive_interval=", UInt64(keepalive)) }
        for prefix in operation.addAllowedIPs { append("allowed_ip=", prefix) }
        guard operation.wake else { return }
        for interval in [25, operation.persistentKeepalive ?? keepalives[operation.publicKey] ?? 0] {
            append("public_key=", operation.publicKey.words)
            append("update_only=true\npersistent_keepalive_interval=", UInt64(interval))
        }
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ key: StaticString, _ words: (UInt64, UInt64, UInt64, UInt64)) {
        append(key)
        UAPIText.append(words, to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(_ key: StaticString, _ number: UInt64) {
        append(key)
        append(number: number)
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(_ key: StaticString, _ endpoint: SocketAddress) {
        append(key)
        bytes.append(contentsOf: endpoint.description.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(_ key: StaticString, _ prefix: Prefix) {
        append(key)
        if prefix.family == .ipv4 {
            for shift in stride(from: UInt64(24), through: 0, by: -8) {
                append(number: prefix.address.low >> shift & 0xFF)
                bytes.append(shift == 0 ? UInt8(ascii: "/") : UInt8(ascii: "."))
            }
        } else {
            for half in [prefix.address.high, prefix.address.low] {
                for shift in stride(from: UInt64(60), through: 0, by: -4) {
                    bytes.append(UAPIText.digits[Int(half >> shift & 0xF)])
                    if shift & 0xF == 0 { bytes.append(UInt8(ascii: ":")) }
                }
            }
            bytes[bytes.count - 1] = UInt8(ascii: "/")
        }
        append(number: UInt64(prefix.length))
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(number: UInt64) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    /// Overwrites the bytes.
    mutating func wipe() {
        for index in bytes.indices { bytes[index] = 0 }
    }
}
