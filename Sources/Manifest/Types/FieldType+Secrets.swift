import Model

extension FieldType where Value == SecretReference {
    /// Where a secret is found; never the secret itself.
    static var secret: FieldType {
        let allowed = "file:name or env:NAME"
        return FieldType(schema: .reference("secret"), allowed: allowed) { node, context in
            guard case .scalar(let scalar) = node.content else {
                context.wrongType(node, allowed: allowed)
                return nil
            }
            let field = context.field
            switch SecretText(scalar) {
            case .reference(let reference): return reference
            case .sealed:
                context.reportField(
                    node, .unsupportedValue, "is sealed: sealed secrets are not supported yet",
                    suggestion: "put the secret into the host's secrets directory and write \(field): file:NAME")
            case .generate:
                context.reportField(
                    node, .unsupportedValue, "is \"generate\": generated secrets are not supported yet",
                    suggestion: "wg genpsk > NAME in the host's secrets directory, and write \(field): file:NAME")
            case .malformed(let what):
                context.reportField(node, .invalidValue, "must be \(allowed): \(what)")
            case .absent: context.wrongType(node, allowed: allowed)
            case .plain:
                context.reportField(
                    node, .plainSecret, "holds a secret in plain text, which never belongs into the repository",
                    suggestion: "put it into the host's secrets directory, write \(field): file:NAME,"
                        + " and replace the key if this text was ever committed")
            }
            return nil
        }
    }
}
