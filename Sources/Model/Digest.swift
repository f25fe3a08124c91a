/// A cryptographic digest of a canonical form. `Credentials` provides BLAKE2b; the model only knows that there is one.
public protocol Digest: Sendable {
    /// The 32-byte digest of `bytes`.
    func digest(_ bytes: [UInt8]) -> DigestValue
}

/// The 32 bytes of a digest.
public struct DigestValue: Hashable, Sendable, CustomStringConvertible {
    /// The digest, 32 bytes.
    public let bytes: [UInt8]

    /// A digest of the given bytes.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A digest from 64 hexadecimal characters; nil for anything else.
    public init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Lower-case hexadecimal, 64 characters.
    public var description: String { hexadecimal(of: bytes[...]) }

    /// The first 12 hexadecimal characters: what people see and type.
    public var short: String { hexadecimal(of: bytes.prefix(6)) }

    private func hexadecimal(of bytes: ArraySlice<UInt8>) -> String {
        unsafe String(unsafeUninitializedCapacity: bytes.count * 2) { text in
            var end = 0
            for index in bytes.startIndex..<bytes.endIndex {
                unsafe text[end] = Self.digit(bytes[index] >> 4)
                unsafe text[end + 1] = Self.digit(bytes[index] & 0xF)
                end += 2
            }
            return end
        }
    }

    /// The character of a number below 16.
    static func digit(_ number: UInt8) -> UInt8 {
        number < 10 ? UInt8(ascii: "0") + number : UInt8(ascii: "a") + number - 10
    }
}

/// The canonical byte form of a sequence of fields: each is prefixed by its length, so that no two sequences share a form.
public struct CanonicalForm: Sendable {
    /// The bytes so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty form.
    public init() {}

    /// Appends one field.
    public mutating func append(_ field: some Collection<UInt8>) {
        begin(field.count)
        bytes.append(contentsOf: field)
    }

    /// Appends one field of text as UTF-8.
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { field in
            begin(field.count)
            unsafe bytes.append(contentsOf: field)
        }
    }

    private mutating func begin(_ length: Int) {
        var count = UInt64(length)
        repeat {
            bytes.append(UInt8(count & 0x7F) | (count > 0x7F ? 0x80 : 0))
            count >>= 7
        } while count > 0
    }
}
