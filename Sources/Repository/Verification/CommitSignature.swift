/// The signature in a commit: header `gpgsig` (`gpgsig-sha256` where objects have SHA-256 names), whatever its kind.
enum CommitSignature {
    /// The kind of the signature of a commit object; nil when it has none, or one of another kind (X.509).
    static func format(ofCommit content: [UInt8]) -> SignatureCheck.Format? {
        // A line that begins with a space continues the header before it; an empty line ends the headers.
        for line in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.isEmpty { return nil }
            for name in ["gpgsig ", "gpgsig-sha256 "] where line.starts(with: name.utf8) {
                let value = line.dropFirst(name.utf8.count)
                if value.elementsEqual("-----BEGIN SSH SIGNATURE-----".utf8) { return .ssh }
                if value.elementsEqual("-----BEGIN PGP SIGNATURE-----".utf8) { return .gpg }
                return nil
            }
        }
        return nil
    }
}
