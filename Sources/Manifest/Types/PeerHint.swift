import Model

/// What to write where the name of a peer stands alone, but a mapping is expected.
enum PeerHint {
    /// `{peer: phone}`, with the key; nil where no name of a peer stands.
    static func mapping(_ node: Node, key: String) -> String? {
        guard case .scalar(let scalar) = node.content, scalar.value == .string,
            AddressHint.prefix(scalar.text) == nil, let peer = PeerReference(scalar.text),
            PeerName.fault(of: peer.name) == nil
        else { return nil }
        let name = Printable.shortened(scalar.text)
        let isPlain = name.utf8.allSatisfy { InterfaceName.isAlphanumeric($0) || "_-./ '".utf8.contains($0) }
        return "for a peer write {\(key): \(isPlain ? name : "\"\(name)\"")}"
    }
}
