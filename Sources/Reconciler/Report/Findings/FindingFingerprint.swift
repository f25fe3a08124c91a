import Model

/// What a finding is known by over revisions: made of its rule, its object and what was found, never of lines, times or the
/// numbers that masks of secrets have in a plan.
enum FindingFingerprint {
    /// The canonical form, of which the digest's first 16 digits are the fingerprint.
    ///
    /// - Parameters:
    ///   - place: the path of the file, where there is no object.
    ///   - identity: what was found.
    static func form(_ rule: String, _ object: ObjectID?, place: String = "", identity: [String]) -> CanonicalForm {
        var form = CanonicalForm()
        for part in [rule, object?.kind.rawValue ?? "", object?.name ?? place] + identity.map(stable) {
            form.append(part)
        }
        return form
    }

    /// The fingerprint of a form.
    static func text(_ form: CanonicalForm, _ digest: any Digest) -> String {
        String(digest.digest(form.bytes).description.prefix(16))
    }

    private static func stable(_ text: String) -> String {
        // Most texts are short values without either, and a first plan has many of them.
        guard text.utf8.contains(UInt8(ascii: "<")) || text.utf8.contains(UInt8(ascii: "y")) else { return text }
        return text.replacing(/(\.ya?ml):\d+(:\d+)?/) { "\($0.output.1)" }.replacing(/<secret #\d+>/, with: "<secret>")
    }
}

extension Change {
    /// The rule of the finding that this change is: `drift/update-interface`.
    var findingRule: String {
        "\(reason == .drift ? "drift" : "plan")/\(action.rawValue)-\(object.kind.rawValue.lowercased())"
    }

    /// What was found, in its fingerprint.
    var findingIdentity: [String] {
        fields.flatMap { [$0.field, $0.before ?? "\u{0}", $0.after ?? "\u{0}"] } + [publicKey?.description ?? ""]
    }
}
