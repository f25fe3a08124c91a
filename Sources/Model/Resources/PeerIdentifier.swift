/// The stable identifier of a peer whose document gives none.
public enum PeerIdentifier {
    /// A UUID of version 8 (RFC 9562, 5.8) made of the digest of what identifies the peer: whoever reads the same
    /// repository gets the same, on every host, and a rename changes nothing.
    ///
    /// - Parameters:
    ///   - repositoryID: `Settings.repository_id`; empty where there is none.
    ///   - digest: BLAKE2b.
    /// - Returns: 36 lower-case characters.
    public static func derived(
        repositoryID: String, interface: String, publicKey: PublicKey, digest: any Digest
    ) -> String {
        var form = CanonicalForm()
        form.append("peer")
        form.append(repositoryID)
        form.append(interface)
        form.append(publicKey.bytes)
        var bytes = Array(digest.digest(form.bytes).bytes.prefix(16))
        bytes[6] = 0x80 | bytes[6] & 0x0F
        bytes[8] = 0x80 | bytes[8] & 0x3F
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0xF)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
