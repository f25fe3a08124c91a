import Model

/// The recipients as one document declares them.
struct RecipientList: Sendable {
    var recipients: [Recipient] = []
}

/// The table of `kind: Recipients`.
enum RecipientsKind {
    static let kind = Kind<RecipientList>(
        "Recipients", "Who can open sealed values; at most one document.", schemaName: "recipients", table: table,
        initial: { _ in RecipientList() }, check: check)

    static let recipients = table.number("recipients")

    static let table = FieldTable<RecipientList> {
        Field(
            "recipients",
            .objects(element, "recipients", minimum: 1) {
                Recipient(name: "", key: PublicKey(words: (0, 0, 0, 0)), role: .operator, location: $0)
            },
            "The public sealing keys; after a change every sealed value has to be sealed again, which wirebuddy secret"
                + " recipients does in the same commit.", required: true, \.recipients)
    }

    private static let element = FieldTable<Recipient> {
        Field("name", .recipientName, "The name, unique.", required: true, \.name)
        Field("key", .sealingKey, "The public key (X25519), unique.", required: true, \.key)
        Field(
            "role", .word,
            "host: a gateway, by its host key; operator: a person; recovery: a key that is kept offline for the day"
                + " the host's is lost.", required: true, \.role)
    }

    private static func check(_ declared: inout Declared<RecipientList>, _ context: inout DecodeContext) {
        var names: Set<String> = []
        var keys: Set<PublicKey> = []
        for (index, recipient) in declared.object.recipients.enumerated() {
            let isNew = (name: names.insert(recipient.name).inserted, key: keys.insert(recipient.key).inserted)
            guard !isNew.name || !isNew.key else { continue }
            context.report(
                declared.position(of: recipients, item: index + 1), .duplicateIdentity,
                "recipients of Recipients has \(isNew.name ? "the key of" : "the name") \"\(recipient.name)\" twice",
                suggestion: "remove one of them")
        }
    }
}
