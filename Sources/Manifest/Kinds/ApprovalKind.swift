import Model

/// The table of `kind: Approval`.
enum ApprovalKind {
    static let kind = Kind<Approval>(
        "Approval", "The consent to changes that a rail refuses.", schemaName: "approval", table: table,
        initial: {
            Approval(name: "", digests: [], reason: "", expires: Timestamp(seconds: 0), location: $0)
        })

    static let name = table.number("name")
    static let expires = table.number("expires")

    static let table = FieldTable<Approval> {
        Field("name", .documentName, "The name, unique.", required: true, presentation: .fixed, \.name)
        Field(
            "digests", .list("digest", of: .digest, "digests", minimum: 1),
            "The digests of changes or refusals that are consented to, as plans show them.", required: true, \.digests)
        Field("reason", .reason, "Why.", required: true, \.reason)
        Field(
            "expires", .timestamp, "Until when it counts: for a pass that begins before.", required: true, \.expires)
    }
}
