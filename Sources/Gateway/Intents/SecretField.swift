import Manifest

/// What may be written into a secret field: never the secret itself.
enum SecretField {
    /// Refuses plain secrets, whose text is not repeated.
    static func check(_ edit: FieldEdit, kind: String) throws(GatewayFailure) {
        let field = try FieldDescription.named(edit.path[0], of: kind)
        if field.isReadOnly {
            throw .invalidFields(
                kind: kind, name: "", [InvalidField(field.name, "\(field.name) is set by WireBuddy alone")])
        }
        guard field.isSecret, edit.action != .remove else { return }
        if case .set(.string(let text)) = edit.action {
            if ["sealed:", "file:", "env:"].contains(where: text.hasPrefix) { return }
            if text == "generate", field.name == "preshared_key" { return }
        }
        let generate = field.name == "preshared_key" ? "generate, " : ""
        throw .invalidFields(
            kind: kind, name: "",
            [
                InvalidField(
                    field.name,
                    "\(field.name) takes \(generate)sealed:…, file:NAME or env:NAME, never the secret itself:"
                        + " seal it with `wirebuddy secret seal`")
            ])
    }
}
