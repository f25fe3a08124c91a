import FoundationEssentials

/// Takes apart what ``ByteWriter`` put together. Bytes that it did not write are ``DamagedHistory``, never a trap.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ data: Data) {
        bytes = [UInt8](data)
    }

    var isAtEnd: Bool { position == bytes.count }

    mutating func number() throws(DamagedHistory) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
        throw DamagedHistory()
    }

    /// A number of things that are still to come, each of at least a byte.
    mutating func count() throws(DamagedHistory) -> Int {
        let count = try number()
        guard count <= UInt64(bytes.count - position) else { throw DamagedHistory() }
        return Int(count)
    }

    mutating func raw(_ count: Int) throws(DamagedHistory) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - position else { throw DamagedHistory() }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func text() throws(DamagedHistory) -> String {
        String(decoding: try raw(try count()), as: UTF8.self)
    }

    mutating func optionalText() throws(DamagedHistory) -> String? {
        let length = try number()
        guard length > 0 else { return nil }
        guard length - 1 <= UInt64(bytes.count) else { throw DamagedHistory() }
        return String(decoding: try raw(Int(length - 1)), as: UTF8.self)
    }

    mutating func column(rows: Int) throws(DamagedHistory) -> [UInt32] {
        let width = try width(rows)
        let raw = try raw(width * rows)
        guard width > 0 else { return [UInt32](repeating: 0, count: rows) }
        if width == 1 { return raw.map(UInt32.init) }
        var column: [UInt32] = []
        column.reserveCapacity(rows)
        var index = raw.startIndex
        while index < raw.endIndex {
            var value: UInt32 = 0
            for byte in 0..<width { value |= UInt32(raw[index + byte]) << UInt32(8 * byte) }
            column.append(value)
            index += width
        }
        return column
    }

    /// Passes over a column.
    mutating func skipColumn(rows: Int) throws(DamagedHistory) {
        _ = try raw(try width(rows) * rows)
    }

    private mutating func width(_ rows: Int) throws(DamagedHistory) -> Int {
        guard let width = try raw(1).first, width <= 4, (0...QuerySegment.mostRows).contains(rows) else {
            throw DamagedHistory()
        }
        return Int(width)
    }
}
