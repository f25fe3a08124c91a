public import Model
public import Reconciler

/// What this gateway made of the revisions it saw.
public struct RevisionResults: Sendable {
    /// The newest record of each revision.
    public let records: [String: RevisionRecord]
    /// The last revision that was applied without failure.
    public let lastApplied: String?

    /// The results of some records, newest first.
    public init(records: [RevisionRecord], lastApplied: RevisionRecord?) {
        self.records = Dictionary(records.map { ($0.id, $0) }, uniquingKeysWith: { newest, _ in newest })
        self.lastApplied = lastApplied?.id
    }

    /// What an inventory remembers.
    public init(of inventory: any Inventory) async throws {
        self.init(
            records: try await inventory.revisions(limit: .max), lastApplied: try await inventory.snapshot().lastApplied
        )
    }

    /// A commit and what became of it here, as in `schemas/output/log.schema.json`.
    ///
    /// - Parameter head: the head of the branch.
    public func json(_ entry: HistoryEntry, head: String?) -> JSONValue {
        let record = records[entry.revision]
        return .object([
            ("id", .string(entry.revision)), ("at", .string(entry.at.description)),
            ("author", .object([("name", .string(entry.author)), ("email", .string(entry.email))])),
            ("via", .optional(entry.via)), ("rollback_to", .optional(entry.rollbackTo)),
            ("subject", .string(entry.subject)),
            ("result", .optional(record?.status.rawValue)), ("message", .optional(record?.message)),
            ("head", .boolean(entry.revision == head)), ("in_force", .boolean(entry.revision == lastApplied)),
        ])
    }
}
