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

    /// Lower-case hexadecimal, 64 characters.
    public var description: String { hexadecimal(of: bytes) }

    /// The first 12 hexadecimal characters: what people see and type.
    public var short: String { hexadecimal(of: bytes.prefix(6)) }

    private func hexadecimal(of bytes: some Collection<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }, as: UTF8.self)
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
        var count = UInt64(field.count)
        repeat {
            bytes.append(UInt8(count & 0x7F) | (count > 0x7F ? 0x80 : 0))
            count >>= 7
        } while count > 0
        bytes.append(contentsOf: field)
    }

    /// Appends one field of text as UTF-8.
    public mutating func append(_ text: String) { append(text.utf8) }
}
