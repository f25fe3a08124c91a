import Manifest

/// What a write changes of one object, field by field. Secrets are never shown.
struct ObjectDifference {
    /// The names of the changed fields.
    private(set) var names: [String] = []
    /// One line per field: `routing_mode: full_tunnel → vpn_only`; of an object that comes or goes, its values.
    private(set) var lines: [String] = []

    /// The difference of two documents of a kind, in the order of its table.
    init(kind: String, old: Node?, new: Node?) {
        for field in Manifest.fields(of: kind) {
            let before = old?[field.name].map(ValueText.of)
            let after = new?[field.name].map(ValueText.of)
            guard before != after else { continue }
            names.append(field.name)
            lines.append("\(field.name): \(Self.words(field, before, after, isWhole: old == nil || new == nil))")
        }
    }

    private static func words(_ field: FieldDescription, _ before: String?, _ after: String?, isWhole: Bool) -> String {
        if field.isSecret { return before == nil ? "added" : after == nil ? "removed" : "changed" }
        let text = { (value: String?) in value.map(ValueText.shortened) ?? "(none)" }
        return isWhole ? text(after ?? before) : "\(text(before)) → \(text(after))"
    }
}

/// The first line of a commit: at most 72 columns.
enum Subject {
    static let limit = 72

    /// `Add peer phone to wg0`; what is too long loses its end.
    static func of(_ text: String) -> String {
        guard text.unicodeScalars.count > limit else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit - 1))) + "…"
    }

    /// `Change phone of wg0: routing_mode, enabled`, or only how many fields when their names are too long.
    static func of(_ text: String, fields: [String]) -> String {
        let full = "\(text): \(fields.joined(separator: ", "))"
        return full.unicodeScalars.count <= limit ? full : of("\(text): \(fields.count) fields")
    }
}
