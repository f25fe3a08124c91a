import Model

/// Texts of manifests.
enum Sample {
    static let interface = """
        kind: Interface
        name: wg0
        address: [10.8.0.1/16]
        listen_port: 51820

        """

    static func peerName(_ number: Int) -> String { "peer-\(number)" }

    static func peer(_ number: Int, description: String = "") -> String {
        let key = PublicKey(words: (UInt64(number) + 1, 7, 7, 0x4200))
        return """
            kind: Peer
            name: \(peerName(number))
            interface: wg0
            ip: 10.8.\((number + 2) / 256).\((number + 2) % 256)
            public_key: \(key)
            description: "\(description)"

            """
    }
}
