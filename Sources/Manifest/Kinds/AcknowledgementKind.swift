import Model

/// The table of `kind: Acknowledgement`.
enum AcknowledgementKind {
    static let kind = Kind<Acknowledgement>(
        "Acknowledgement", "The statement that a finding of validate or drift is known and stays for a while.",
        schemaName: "acknowledgement", table: table,
        initial: {
            Acknowledgement(name: "", fingerprint: "", reason: "", expires: Timestamp(seconds: 0), location: $0)
        })

    static let name = table.number("name")
    static let expires = table.number("expires")

    static let table = FieldTable<Acknowledgement> {
        Field("name", .documentName, "The name, unique.", required: true, presentation: .fixed, \.name)
        Field(
            "fingerprint", .fingerprint, "The fingerprint of the finding, as reports show it.", required: true,
            \.fingerprint)
        Field("reason", .reason, "Why.", required: true, \.reason)
        Field("expires", .timestamp, "Until when it counts.", required: true, \.expires)
    }
}
