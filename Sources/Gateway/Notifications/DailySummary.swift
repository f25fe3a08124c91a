public import Model
public import Reconciler

/// What a day brought, in numbers.
public struct DailySummary: Sendable, Equatable {
    /// From when on.
    public var since: Timestamp
    /// Until when.
    public var at: Timestamp
    /// Drift that came.
    public var driftFound = 0
    /// Drift that was put right.
    public var driftHealed = 0
    /// Drift that was gone without us.
    public var driftGone = 0
    /// Drift that stands.
    public var driftStanding = 0
    /// Revisions that were applied.
    public var revisionsApplied = 0
    /// Revisions that could not be applied.
    public var revisionsFailed = 0
    /// Peers and users whose access was taken away.
    public var revocations = 0
    /// Since when the loop is suspended, and why; nil: it is not.
    public var suspension: String?

    /// Reads what happened since then.
    ///
    /// - Throws: what the inventory throws.
    public init(of inventory: any Inventory, since: Timestamp, at: Timestamp) async throws {
        (self.since, self.at) = (since, at)
        let snapshot = try await inventory.snapshot()
        for record in try await inventory.driftHistory(DriftFilter(since: since, limit: 20_000)).records {
            if record.firstSeen >= since || record.count > 1 && record.lastSeen >= since { driftFound += 1 }
            switch record.healing {
            case .loop, .apply: driftHealed += 1
            case .elsewhere: driftGone += 1
            case nil: driftStanding += 1
            }
        }
        for revision in try await inventory.revisions(limit: 1000) where revision.at >= since {
            switch revision.status {
            case .applied: revisionsApplied += 1
            case .failed: revisionsFailed += 1
            case .pending, .superseded: continue
            }
        }
        revocations = try await inventory.events(limit: 10_000).filter { $0.kind == .revocation && $0.at >= since }
            .count
        if let suspended = snapshot.suspension, suspended.until.map({ at < $0 }) ?? true {
            let begun = snapshot.conditions.first { $0.kind == .suspended && $0.object == nil && $0.holds }?.since
            suspension = [begun.map { "since \($0)" }, suspended.until.map { "until \($0)" }, suspended.reason]
                .compactMap(\.self).joined(separator: ", ")
        }
    }

    /// Whether there is nothing to say.
    public var isEmpty: Bool { lines.isEmpty }

    /// What is to be said, a line each.
    var lines: [String] {
        var lines: [String] = []
        let drift = [
            (driftFound, "found"), (driftHealed, "healed"), (driftGone, "gone without us"), (driftStanding, "standing"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        if !drift.isEmpty { lines.append("drift: \(drift.joined(separator: ", "))") }
        let revisions = [(revisionsApplied, "applied"), (revisionsFailed, "failed")].filter { $0.0 > 0 }
            .map { "\($0.0) \($0.1)" }
        if !revisions.isEmpty { lines.append("revisions: \(revisions.joined(separator: ", "))") }
        if revocations > 0 { lines.append("revocations: \(revocations)") }
        if let suspension { lines.append("suspended: \(suspension)") }
        return lines
    }

    /// The message that says it.
    public func message(_ report: PassReport) -> NotificationMessage {
        let lines = lines
        return NotificationMessage(
            kind: .summary, state: .found, fingerprint: Matter.fingerprint(.summary, ["\(at)"]), object: nil,
            message: lines.isEmpty ? "nothing happened since \(since)" : lines.joined(separator: "; "), details: lines,
            since: since, at: at, pass: report.pass, revision: report.inForce)
    }
}
