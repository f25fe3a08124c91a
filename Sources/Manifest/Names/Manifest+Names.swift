public import Model

extension Manifest {
    /// The DNS label of a peer whose document gives none: derived from the name, and where nothing is left of it from
    /// the public key.
    public static func dnsName(of name: String, publicKey: PublicKey) -> String {
        let label = DNSLabel.derived(from: name)
        guard label.isEmpty else { return label }
        // Keys are uniformly distributed: their first bytes are as good as a digest.
        let hex = String(publicKey.words.0 >> 32, radix: 16)
        return "peer-" + String(repeating: "0", count: 8 - hex.count) + hex
    }
}
