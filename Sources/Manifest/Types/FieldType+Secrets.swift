import Model

extension FieldType where Value == SecretReference {
    /// Where a secret is found, or the secret sealed; never the secret itself.
    static var secret: FieldType {
        let allowed = "sealed:v1:…, file:name or env:NAME"
        return FieldType(schema: .reference("secret"), allowed: allowed, show: { .string($0.text) }) { node, context in
            guard case .scalar(let scalar) = node.content else {
                context.wrongType(node, allowed: allowed)
                return nil
            }
            let field = context.field
            switch SecretText(scalar) {
            case .reference(let reference): return reference
            case .generate:
                context.reportField(
                    node, .invalidValue, "is \"generate\", which only preshared keys of peers can be",
                    suggestion: "remove \(field): the host makes a key of its own")
            case .malformed(let what):
                context.reportField(node, .invalidValue, "must be \(allowed): \(what)")
            case .damaged(let what):
                context.reportField(
                    node, .damagedSecret, "is not a sealed value: \(what)",
                    suggestion: "or seal the secret again: \(sealCommand(context))")
            case .absent: context.wrongType(node, allowed: allowed)
            case .plain:
                context.reportField(
                    node, .plainSecret, "holds a secret in plain text, which never belongs into the repository",
                    suggestion: "seal it, and write what this prints: \(sealCommand(context))"
                        + "\nreplace the key if this text was ever committed")
            }
            return nil
        }
    }

    /// The command that seals the current field.
    private static func sealCommand(_ context: DecodeContext) -> String {
        guard context.kind != SettingsKind.kind.name else { return "wirebuddy secret seal --notification NUMBER" }
        let text = { (key: String) -> String? in
            guard case .scalar(let scalar)? = context.root[key]?.content, scalar.value == .string,
                scalar.text.utf8.count <= 1024, Printable.escaped(scalar.text) == scalar.text
            else { return nil }
            return scalar.text
        }
        var object = text("name")
        if context.kind == PeerKind.kind.name {
            object = text("interface").flatMap { interface in object.map { "\(interface)/\($0)" } } ?? "INTERFACE/NAME"
        }
        return "wirebuddy secret seal --\(context.kind.lowercased()) \(ShellWord.quoted(object ?? "NAME"))"
            + " --field \(context.field)"
    }
}
