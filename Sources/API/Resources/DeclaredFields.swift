import Model

/// What is declared of an object, as far as it does not stand among the documented fields.
enum DeclaredFields {
    static func of(_ peer: Peer) -> [(String, JSONValue)] {
        [
            ("public_key", .string(peer.publicKey.description)),
            ("routing_mode", .string(peer.routingMode.rawValue)),
            ("enabled", .boolean(peer.enabled)),
        ]
    }

    static func of(_ interface: Interface) -> [(String, JSONValue)] {
        [("enabled", .boolean(interface.enabled))]
    }

    static func etag(of peer: Peer) -> String { "\"\(peer.publicKey)\"" }

    static func etag(of interface: Interface) -> String { "\"\(interface.name)\"" }
}
