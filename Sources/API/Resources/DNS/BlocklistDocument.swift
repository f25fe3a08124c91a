import Gateway
import Manifest
import Model

/// A blocklist as the API shows it: what is declared, and what became of it on this host.
struct BlocklistDocument {
    private let blocklist: Blocklist
    private let status: BlocklistStatus
    private let takenAt: Timestamp?

    init(_ blocklist: Blocklist, _ statuses: [BlocklistStatus], in state: ResourceState) {
        self.blocklist = blocklist
        takenAt = state.observed.takenAt
        let name = blocklist.name
        // One that was only just declared is not known there yet.
        var status = statuses.first { $0.name == name } ?? BlocklistStatus(name: name, state: .missing)
        if !blocklist.enabled { status.state = .disabled }
        self.status = status
    }

    var shown: ShownObject {
        let tag = ObjectTag.of(blocklist)
        return ShownObject(
            data: .object(
                ObjectView.blocklist(blocklist) + [
                    ("etag", .string(tag)),
                    ("observed", .object(status.entries)),
                    ("observed_at", .optional(takenAt?.description)),
                ]), etag: tag, location: "/api/dns/blocklists/\(blocklist.name)")
    }
}

extension BlocklistStatus {
    /// What became of a list, in the words of the contract.
    var entries: [(String, JSONValue)] {
        [
            ("status", .string(state.rawValue)),
            ("domains", .number(rules)),
            ("skipped", .object(skipped.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value)) })),
            ("updated_at", .optional(updatedAt?.description)),
            ("next_update", .optional(nextUpdate?.description)),
            ("error", .optional(error)),
        ]
    }
}
