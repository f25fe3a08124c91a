import Model

/// What a sealed value holds: five parts, each with its length in two bytes (big-endian) before it, padded with 0x80 and
/// zeros to a multiple of 32 bytes (ISO/IEC 7816-4). The parts: repository id, kind, field, identity
/// (`public_key:<base64>` or `name:<name>`), secret.
struct SealedPlaintext {
    var context: SecretContext
    var secret: SecretBytes

    /// The bytes to encrypt; whoever gets them wipes them.
    func encoded() throws(SecretFailure) -> [UInt8] {
        guard secret.count <= SealedValue.maximumSecretSize else {
            throw SecretFailure("a secret has at most \(SealedValue.maximumSecretSize) bytes, this one \(secret.count)")
        }
        let identity =
            switch context.identity {
            case .publicKey(let key): "public_key:\(key)"
            case .name(let name): "name:\(name)"
            }
        var bytes: [UInt8] = []
        // Enough for all of it, so that no half-written copy of the secret is left behind by growing.
        bytes.reserveCapacity(SealedValue.maximumPlaintextSize)
        for part in [context.repositoryID, context.kind, context.field, identity] {
            Self.append(Array(part.utf8), to: &bytes)
        }
        secret.withBytes { Self.append($0, to: &bytes) }
        bytes.append(0x80)
        while bytes.count % SealedValue.blockSize != 0 { bytes.append(0) }
        guard bytes.count <= SealedValue.maximumPlaintextSize else {
            for index in bytes.indices { bytes[index] = 0 }
            throw SecretFailure("the name of \(context.object) is too long to seal a value for it")
        }
        return bytes
    }

    /// Reads decrypted bytes; nil unless every one of them belongs to a part.
    init?(_ bytes: borrowing [UInt8]) {
        var position = 0
        var parts: [Range<Int>] = []
        for _ in 0..<5 {
            guard bytes.count - position >= 2 else { return nil }
            let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
            position += 2
            guard bytes.count - position >= length else { return nil }
            parts.append(position..<position + length)
            position += length
        }
        guard position < bytes.count, bytes.count - position <= SealedValue.blockSize, bytes[position] == 0x80,
            bytes.count % SealedValue.blockSize == 0, parts[4].count <= SealedValue.maximumSecretSize
        else { return nil }
        for index in (position + 1)..<bytes.count where bytes[index] != 0 { return nil }
        var texts: [String] = []
        for part in parts.prefix(4) {
            guard let text = String(validating: bytes[part], as: UTF8.self) else { return nil }
            texts.append(text)
        }
        guard let identity = Self.identity(texts[3]) else { return nil }
        context = SecretContext(repositoryID: texts[0], kind: texts[1], field: texts[2], identity: identity)
        secret = SecretBytes(Array(bytes[parts[4]]))
    }

    init(context: SecretContext, secret: SecretBytes) {
        self.context = context
        self.secret = secret
    }

    private static func append(_ part: borrowing [UInt8], to bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: part.count >> 8))
        bytes.append(UInt8(truncatingIfNeeded: part.count))
        for index in part.indices { bytes.append(part[index]) }
    }

    private static func identity(_ text: String) -> SecretContext.Identity? {
        if text.hasPrefix("name:") { return .name(String(text.dropFirst(5))) }
        guard text.hasPrefix("public_key:") else { return nil }
        return PublicKey(String(text.dropFirst(11))).map { .publicKey($0) }
    }
}
