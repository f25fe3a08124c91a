import Model

/// The table of `kind: Blocklist`.
enum BlocklistKind {
    static let kind = Kind<Blocklist>(
        "Blocklist", "A list of names that are blocked.", schemaName: "blocklist", table: table,
        conditions: conditions,
        initial: { Blocklist(name: "", source: .url(""), format: .hosts, location: $0) }, check: check)

    static let name = table.number("name")
    static let url = table.number("url")
    static let file = table.number("file")

    static let table = FieldTable<Blocklist> {
        Field("name", .blocklistName, "The name, unique.", required: true, presentation: .fixed, \.name)
        Field(
            "url", .listAddress, "Where it is fetched; either this or file.",
            get: { if case .url(let address) = $0.source { address } else { nil } },
            set: { $0.source = .url($1) })
        Field(
            "file", .repositoryFile, "The file of the repository that holds it; either this or url.",
            get: { if case .file(let path) = $0.source { path } else { nil } },
            set: { $0.source = .file($1) })
        Field(
            "format", .word,
            "hosts: an address and exact names, domains: exact names, wildcard_domains: names with all below,"
                + " adblock: AdGuard's syntax.", required: true, \.format)
        Field("enabled", .boolean, "Whether it is used.", default: .boolean(true), \.enabled)
        Field(
            "refresh", .duration(3600...31_536_000, "of 1 hour to 365 days"), "The time between two looks at url.",
            default: .string("7d"), \.refresh)
        Field(
            "sha256", .sha256, "The SHA-256 its text must have: the same commit is the same filter.", \.sha256)
    }

    /// Either an address or a file.
    private static let conditions: [JSONValue] = [
        .object([
            (
                "oneOf",
                .array([
                    .object([("required", .array([.string("url")]))]),
                    .object([("required", .array([.string("file")]))]),
                ])
            )
        ])
    ]

    private static func check(_ declared: inout Declared<Blocklist>, _ context: inout DecodeContext) {
        switch (declared.present.contains(url), declared.present.contains(file)) {
        case (true, false), (false, true): break
        case (false, false):
            context.report(
                declared.start, .missingField, "\(context.objectLabel) has neither url nor file",
                suggestion: "url: https://<where it is fetched>")
        case (true, true):
            context.report(
                declared.position(of: file), .conflictingFields, "\(context.objectLabel) has both url and file",
                suggestion: "remove one of them")
        }
    }
}
