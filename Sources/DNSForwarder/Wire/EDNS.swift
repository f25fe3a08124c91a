/// What an OPT record says (RFC 6891 6.1), but for the upper bits of the response code, which the message holds.
public struct EDNS: Hashable, Sendable {
    /// The payload that is offered here and upstream, in octets: what crosses every network unfragmented (DNS flag
    /// day 2020).
    public static let ownPayloadSize: UInt16 = 1232
    /// The most options an OPT record may have.
    public static let mostOptions = 256

    /// The longest UDP payload the sender takes, in octets.
    public var payloadSize: UInt16
    /// The version: 0.
    public var version: UInt8
    /// DO: the sender wants DNSSEC records (RFC 3225).
    public var isDNSSECOK: Bool
    /// The options in their order.
    public var options: [Option]

    /// An OPT record's fields.
    public init(
        payloadSize: UInt16 = ownPayloadSize, version: UInt8 = 0, isDNSSECOK: Bool = false, options: [Option] = []
    ) {
        self.payloadSize = payloadSize
        self.version = version
        self.isDNSSECOK = isDNSSECOK
        self.options = options
    }

    /// One option (RFC 6891 6.1.2).
    public struct Option: Hashable, Sendable {
        /// The code of extended errors (RFC 8914).
        public static let extendedError: UInt16 = 15

        /// The code assigned by IANA.
        public let code: UInt16
        /// The data, at most 65535 octets.
        public let data: [UInt8]

        /// An option of raw data.
        public init(code: UInt16, data: [UInt8]) {
            self.code = code
            self.data = data
        }

        /// The option of an extended error.
        public init(_ error: ExtendedError) {
            var data: [UInt8] = []
            data.append(uint16: error.code.rawValue)
            self.init(code: Self.extendedError, data: data + Array(error.text.utf8))
        }
    }

    /// The extended errors among the options (RFC 8914); one with fewer than two octets is skipped, and so is a text
    /// that is not UTF-8.
    public var extendedErrors: [ExtendedError] {
        options.compactMap { option in
            guard option.code == Option.extendedError, option.data.count >= 2 else { return nil }
            let code = UInt16(option.data[0]) << 8 | UInt16(option.data[1])
            // The text may end with a null octet, which is no part of it (RFC 8914 2).
            let text = option.data[2...].prefix { $0 != 0 }
            return ExtendedError(.init(rawValue: code), String(validating: text, as: UTF8.self) ?? "")
        }
    }
}

/// The fixed fields of an OPT record, which lie where a record has its class and TTL (RFC 6891 6.1.3).
struct OPTFields {
    let payloadSize: UInt16
    /// The upper eight bits of the response code.
    let codeHigh: UInt8
    let version: UInt8
    let isDNSSECOK: Bool

    init(_ header: RecordHeader) {
        payloadSize = header.recordClass.rawValue
        codeHigh = UInt8(truncatingIfNeeded: header.ttl >> 24)
        version = UInt8(truncatingIfNeeded: header.ttl >> 16)
        isDNSSECOK = header.ttl & 0x8000 != 0
    }
}

extension WireCursor {
    /// Walks the options that fill this part of a message.
    mutating func forEachOption(
        in message: Span<UInt8>, _ body: (_ code: UInt16, _ data: WireCursor) -> Void
    ) throws(WireFault) {
        var count = 0
        while remaining > 0 {
            count += 1
            guard count <= EDNS.mostOptions else { throw .tooManyOptions }
            let code = try uint16(in: message)
            body(code, try part(length: Int(try uint16(in: message))))
        }
    }
}
