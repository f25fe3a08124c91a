internal import CLibMnl

/// Builds one netlink message straight into one buffer: header, the family's fixed fields, attributes.
///
/// Sequence and port id are left zero; the conversation fills them in when it sends.
/// What can't be encoded (a string with a zero byte, an attribute over 64 KiB) is kept in `problem` and refused there.
struct MessageBuilder {
    private(set) var bytes: [UInt8]
    private(set) var problem: String?

    init(type: Int, flags: Int32 = 0, capacity: Int = 128) {
        bytes = []
        bytes.reserveCapacity(capacity)
        append(UInt32(0))
        append(UInt16(truncatingIfNeeded: type))
        append(UInt16(truncatingIfNeeded: flags | NLM_F_REQUEST))
        append(UInt32(0))
        append(UInt32(0))
    }

    /// The message with its length filled in.
    var finished: [UInt8] {
        var bytes = bytes
        store(UInt32(truncatingIfNeeded: bytes.count), at: 0, in: &bytes)
        return bytes
    }

    /// Appends an integer in host byte order.
    mutating func append<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
        unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
    }

    /// Appends an address in network byte order.
    mutating func append(_ address: NetlinkAddress) {
        switch address {
        case .ipv4(let value): append(value.bigEndian)
        case .ipv6(let high, let low):
            append(high.bigEndian)
            append(low.bigEndian)
        }
    }

    mutating func put<T: FixedWidthInteger & BitwiseCopyable>(_ type: some AttributeType, _ value: T) {
        header(type.attributeType, MemoryLayout<T>.size)
        append(value)
        pad()
    }

    mutating func put(_ type: some AttributeType, _ address: NetlinkAddress) {
        header(type.attributeType, address.byteCount)
        append(address)
    }

    mutating func put(_ type: some AttributeType, _ key: WireGuardKey) {
        header(type.attributeType, WireGuardKey.byteCount)
        append(key.words.0)
        append(key.words.1)
        append(key.words.2)
        append(key.words.3)
    }

    /// Appends a string with its terminating zero byte.
    mutating func put(_ type: some AttributeType, _ string: String) {
        let length = string.utf8.count
        guard length < 4096, !string.utf8.contains(0) else {
            problem = problem ?? "a string of \(length) bytes that is too long or contains a zero byte"
            return
        }
        header(type.attributeType, length + 1)
        bytes.append(contentsOf: string.utf8)
        bytes.append(0)
        pad()
    }

    /// Opens an attribute that holds others, or a struct of several fields. The returned place is handed to `end`.
    mutating func begin(_ type: some AttributeType, isNested: Bool = true) -> Int {
        let mark = bytes.count
        header(type.attributeType | (isNested ? Int(NLA_F_NESTED) : 0), 0)
        return mark
    }

    /// Closes an attribute opened by `begin`: fills in its length and pads.
    mutating func end(_ mark: Int) {
        let length = bytes.count - mark
        pad()
        guard let short = UInt16(exactly: length) else {
            problem = problem ?? "a nested attribute of \(length) bytes, 65535 is the limit"
            return
        }
        store(short, at: mark, in: &bytes)
    }

    /// Forgets everything behind this place.
    mutating func truncate(to count: Int) { bytes.removeLast(bytes.count - count) }

    /// Appends the header of an attribute whose payload of this length follows.
    private mutating func header(_ type: Int, _ length: Int) {
        append(UInt16(truncatingIfNeeded: length + 4))
        append(UInt16(truncatingIfNeeded: type))
    }

    private mutating func pad() {
        while bytes.count & 3 != 0 { bytes.append(0) }
    }
}

/// Overwrites bytes with an integer in host byte order.
func store<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int, in bytes: inout [UInt8]) {
    precondition(offset + MemoryLayout<T>.size <= bytes.count)
    unsafe bytes.withUnsafeMutableBytes { unsafe $0.storeBytes(of: value, toByteOffset: offset, as: T.self) }
}
