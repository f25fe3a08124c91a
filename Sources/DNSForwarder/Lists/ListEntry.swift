import DNSPolicy
import Model

/// A declared list and what became of it.
struct ListEntry {
    private(set) var declared: Blocklist
    /// What is in force.
    private(set) var list: CompiledList?
    /// What is known about the text in force.
    private(set) var record: ListRecord?
    /// Why the newest text is not in force.
    private(set) var failure: String?
    private var failures = 0
    /// When it is looked at again; nil: when something changes.
    private(set) var dueAt: Timestamp?
    var isUpdating = false
    /// Whether its compiled form on disk is still to be looked for.
    var isUnread: Bool

    /// Before any clock.
    private static let always = Timestamp(seconds: 0)

    init(_ declared: Blocklist) {
        self.declared = declared
        isUnread = declared.enabled
        dueAt = declared.enabled ? Self.always : nil
    }

    var declaration: ListRecord.Declaration { ListRecord.Declaration(declared) }
    /// Whether the text in force is one of this declaration.
    var isDeclared: Bool { record?.declaration == declaration }
    private var isFile: Bool { if case .file = declared.source { true } else { false } }

    /// Takes the declaration of a newer revision.
    mutating func redeclare(_ next: Blocklist, now: Timestamp, timing: ListTiming) {
        let old = declared
        declared = next
        guard next.enabled else {
            list = nil
            record = nil
            forget()
            dueAt = nil
            isUnread = false
            return
        }
        if !old.enabled {
            isUnread = true
            dueAt = now
        } else if ListRecord.Declaration(old) != declaration {
            forget()
            dueAt = now
        } else if isFile {
            // The file may be another one in this revision.
            dueAt = now
        } else if old.refresh != next.refresh, failures == 0, let record {
            dueAt = timing.due(after: Timestamp(seconds: record.updatedAt), refresh: next.refresh)
        }
    }

    /// Takes what was kept on disk.
    mutating func adopt(_ kept: ListStore.Kept, now: Timestamp, timing: ListTiming) {
        isUnread = false
        list = kept.list
        record = kept.record
        guard isDeclared, !isFile, let record else { return dueAt = now }
        // A clock that stood in the future must not keep a list from being refreshed.
        let updated = min(Timestamp(seconds: record.updatedAt), now)
        dueAt = timing.due(after: updated, refresh: declared.refresh)
    }

    /// The newest text is in force: `list`, or the one that is already.
    mutating func succeed(_ list: CompiledList?, _ record: ListRecord, timing: ListTiming) {
        if let list { self.list = list }
        self.record = record
        forget()
        dueAt =
            isFile ? nil : timing.due(after: Timestamp(seconds: record.updatedAt), refresh: declared.refresh)
    }

    /// The newest text could not be had, or was refused.
    mutating func fail(_ reason: String, now: Timestamp, timing: ListTiming) {
        failures += 1
        failure = reason
        dueAt = timing.retry(after: now, failures: failures, refresh: declared.refresh)
    }

    func isDue(at now: Timestamp) -> Bool { dueAt.map { $0 <= now } ?? false }

    /// Is due at once.
    mutating func hurry(now: Timestamp) { dueAt = now }

    private mutating func forget() {
        failure = nil
        failures = 0
    }

    var status: BlocklistStatus {
        let state: BlocklistStatus.State =
            if !declared.enabled { .disabled } else if isUpdating { .updating } else if list == nil {
                .missing
            } else if failure != nil || !isDeclared { .stale } else { .ready }
        var status = BlocklistStatus(name: declared.name, state: state)
        status.rules = list?.count ?? 0
        if let list {
            status.skipped = Dictionary(uniqueKeysWithValues: list.skipped.map { ($0.key.rawValue, $0.value) })
        }
        status.updatedAt = list == nil ? nil : record.map { Timestamp(seconds: $0.updatedAt) }
        status.nextUpdate = dueAt.flatMap { $0 == Self.always ? nil : $0 }
        status.error = failure
        return status
    }
}
