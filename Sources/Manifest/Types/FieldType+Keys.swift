import Model

extension FieldType where Value == PublicKey {
    /// A public key in the form of `wg`. A refused text is never shown: it may be a private key with a typo.
    static var publicKey: FieldType {
        key("a WireGuard public key (44 characters of base64)", print: "wg pubkey < private.key")
    }

    /// The public key of a recipient of sealed values.
    static var sealingKey: FieldType {
        key("a public sealing key (44 characters of base64)", print: "wirebuddy secret recipients")
    }

    private static func key(_ allowed: String, print command: String) -> FieldType {
        FieldType(schema: .reference("public-key"), allowed: allowed, show: { .string($0.description) }) {
            node, context in
            guard let text = context.string(node, allowed: allowed) else { return nil }
            if let key = PublicKey(text), !key.isZero { return key }
            context.reportField(
                node, .invalidValue, "must be \(allowed), found \(KeyFault.describe(text))",
                suggestion: "print it with: \(command)")
            return nil
        }
    }
}
