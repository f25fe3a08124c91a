import Model

extension FieldType where Value == PublicKey {
    /// A public key in the form of `wg`. A refused text is never shown: it may be a private key with a typo.
    static var publicKey: FieldType {
        let allowed = "a WireGuard public key (44 characters of base64)"
        return FieldType(schema: .reference("public-key"), allowed: allowed) { node, context in
            guard let text = context.string(node, allowed: allowed) else { return nil }
            if let key = PublicKey(text), !key.isZero { return key }
            context.reportField(
                node, .invalidValue, "must be \(allowed), found \(KeyFault.describe(text))",
                suggestion: "print it with: wg pubkey < private.key")
            return nil
        }
    }
}
