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
        return UUIDv8.text(of: digest.digest(form.bytes))
    }
}
