import Model

extension FieldType where Value == SecretReference {
    /// A secret of a device, which travels with the repository and is never the host's alone.
    static var sealedSecret: FieldType {
        let allowed = "sealed:v1:…"
        let secret = FieldType.secret
        return FieldType(schema: .reference("sealed"), allowed: allowed, show: secret.show) { node, context in
            guard let reference = secret.decode(node, &context) else { return nil }
            guard case .sealed = reference else {
                context.invalid(node, allowed: allowed)
                return nil
            }
            return reference
        }
    }
}

extension FieldType where Value == SecretReference? {
    /// Where a preshared key is found, or nil: `generate`, until one was made.
    static var presharedKey: FieldType {
        let secret = FieldType<SecretReference>.secret
        let schema = JSONValue.object([
            ("anyOf", .array([secret.schema, .object([("const", .string("generate"))])]))
        ])
        let show: @Sendable (SecretReference?) -> JSONValue = { $0.map(secret.show) ?? .null }
        return FieldType(schema: schema, allowed: "\(secret.allowed), or generate", show: show) { node, context in
            if case .scalar(let scalar) = node.content, case .generate = SecretText(scalar) { return .some(nil) }
            return secret.decode(node, &context).map { .some($0) }
        }
    }
}
