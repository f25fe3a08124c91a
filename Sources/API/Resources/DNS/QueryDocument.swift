import Model

/// A row of the query log as the contract shows it.
struct QueryDocument {
    private let entry: QueryLogPage.Entry

    init(_ entry: QueryLogPage.Entry) {
        self.entry = entry
    }

    var json: JSONValue {
        let row = entry.row
        // Without a client the log does not say who asked.
        let isKnown = !row.client.isEmpty
        return .object([
            ("id", .integer(entry.id)),
            ("time", .string(row.time.description)),
            ("client", isKnown ? .string(row.client) : .null),
            ("client_ip", isKnown ? .string(row.address.description) : .null),
            ("domain", .string(row.domain)),
            ("type", .string(DNSWords.type(row.type))),
            ("status", .string(row.status.rawValue)),
            ("reason", .string(row.reason.rawValue)),
            ("rule", .optional(row.rule)),
            ("source", .optional(row.source)),
            ("list", .optional(row.list)),
            ("rcode", .string(DNSWords.responseCode(row.responseCode))),
            ("origin", .string(row.origin.rawValue)),
            ("upstream", .optional(row.upstream)),
            ("duration_ms", .decimal(units: Int64(row.microseconds), places: 3)),
        ])
    }
}
