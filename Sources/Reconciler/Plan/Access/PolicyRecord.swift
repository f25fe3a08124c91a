import Model

/// The fields of a document that the firewall enforces, in the words of its kind, as one text of the inventory.
struct PolicyRecord {
    /// The fields in the order of the kind's table.
    let fields: [(name: String, value: String)]

    private static let separator: Character = "\u{1F}"
    private static let comma = "\u{1E}"

    init(_ rule: AccessRule) {
        fields = [
            ("from.peers", Self.list(rule.from.peers.map(\.description))),
            ("from.labels", Self.list(rule.from.labels.map { "\($0.key)=\($0.value)" })),
            ("from.owners", Self.list(rule.from.owners)), ("from.interfaces", Self.list(rule.from.interfaces)),
            ("to", Self.list(rule.to.map(\.description))), ("ports", Self.list(rule.ports.map(\.description))),
            ("action", rule.action.rawValue), ("default", rule.effectiveFallback.rawValue),
        ].filter { !$0.1.isEmpty }
    }

    init(_ forward: Forward) {
        fields = [
            ("interface", forward.interface ?? ""), ("protocol", forward.transport.rawValue),
            ("port", String(forward.port)), ("to.peer", forward.to.peer.description),
            ("to.port", String(forward.targetPort)), ("from", Self.list(forward.from.map(\.description))),
        ].filter { !$0.1.isEmpty }
    }

    /// Reads the text of ``text(_:)``; anything else has no fields.
    init(_ text: String) {
        let parts = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        fields = (parts.count > 1 ? parts[1] : "").split(separator: "\n").compactMap { line in
            let pair = line.split(separator: Self.separator, maxSplits: 1, omittingEmptySubsequences: false)
            return pair.count == 2 ? (String(pair[0]), String(pair[1])) : nil
        }
    }

    /// `digest|` and the fields. No value has a line break: they are names, prefixes, services and words.
    func text(_ digest: any Digest) -> String {
        let body = fields.map { "\($0.name)\(Self.separator)\($0.value)" }.joined(separator: "\n")
        return digest.digest(Array(body.utf8)).short + "|" + body
    }

    /// The fields that differ from those before, with those of a new document, or of one that goes.
    func changes(from before: PolicyRecord) -> [FieldChange] {
        let (old, new) = (before.values, values)
        let names = fields.map(\.name) + before.fields.map(\.name).filter { new[$0] == nil }
        let text = { (value: String?) in value.map { $0.split(separator: Self.comma).joined(separator: ", ") } }
        return names.filter { old[$0] != new[$0] }
            .map { FieldChange($0, before: text(old[$0]), after: text(new[$0])) }
    }

    private var values: [String: String] {
        Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    /// The items of a value that is a list. Names may have commas in them, control characters they have not.
    static func items(_ value: String) -> [String] { value.split(separator: comma).map(String.init) }

    private static func list(_ items: [String]) -> String { items.sorted().joined(separator: comma) }
}
