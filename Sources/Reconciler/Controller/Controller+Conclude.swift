import Logging
import Model

/// The end of a pass: the result of the revision, conditions and events, only where they differ from what is recorded.
extension Controller {
    /// How often what is kept in memory is written.
    static let flushInterval: Duration = .seconds(300)

    func conclude(
        _ report: inout PassReport, _ last: Round, snapshot: InventorySnapshot, _ logger: Logger
    ) async {
        let now = report.startedAt
        let blocked = snapshot.revocations.filter { $0.until > last.look.now }
            .sorted { $0.publicKey < $1.publicKey }
        report.nextEnd =
            (blocked.map(\.until)
            + [report.suspension?.until, report.checkpoint?.deadline, report.heldUntil].compactMap(\.self))
            .filter { $0 > now }.min()
        var names: [PublicKey: ObjectID] = [:]
        if !blocked.isEmpty {
            let keys = Set(blocked.map(\.publicKey))
            for peer in last.look.target.catalog.peers where keys.contains(peer.publicKey) {
                names[peer.publicKey] = ObjectID(.peer, "\(peer.interface)/\(peer.name)")
            }
        }
        report.listeners = await ports.listeners?.listeners()
        report.hindrances = await ports.hindrances?() ?? []
        // Those that could not be recorded go on, too.
        let before = unrecordedConditions ?? snapshot.conditions
        let judge = { (report: PassReport) in
            Conditions(report, blocked: blocked, names: names).rows(previous: before, now: now)
        }
        report.conditions = judge(report)
        do {
            try await recordRevision(report)
            if report.conditions != snapshot.conditions.sorted(by: Conditions.order) {
                try await ports.inventory.recordConditions(report.conditions)
            }
            let events = standing.events(report, pass: report.pass, at: now)
            if !events.isEmpty { try await ports.inventory.appendEvents(events) }
            try await flushIfDue(report)
            unrecordedConditions = nil
        } catch {
            report.storeFailure = report.storeFailure ?? "the state database can't be written: \(error)"
            logger.error("the state database can't be written", metadata: ["error": "\(error)"])
            // Who asks is told all the same.
            report.conditions = judge(report)
            unrecordedConditions = report.conditions
        }
        retryStore(&report)
    }

    /// What could not be recorded is tried again soon, not only with the next look.
    private func retryStore(_ report: inout PassReport) {
        guard report.storeFailure != nil else {
            storeFailures = 0
            return
        }
        storeFailures += 1
        let next = ports.uptime.uptime() + Backoff.delay(failures: storeFailures, jitter: ports.jitter())
        report.retryAt = report.retryAt.map { min($0, next) } ?? next
    }

    private func flushIfDue(_ report: PassReport) async throws {
        let now = ports.uptime.uptime()
        guard let last = flushedAt else {
            flushedAt = now
            return
        }
        guard now - last >= Self.flushInterval else { return }
        let unsaved = endpoints.takeUnsaved()
        do {
            if !unsaved.isEmpty { try await ports.inventory.rememberEndpoints(unsaved) }
            try await ports.inventory.recordLastPass(report.startedAt)
            flushedAt = now
        } catch {
            endpoints.putBack(unsaved)
            throw error
        }
    }

    private func recordRevision(_ report: PassReport) async throws {
        guard let (id, status, message) = result(report) else { return }
        if let old = lastRecord, old.id == id, old.status == status, old.message == message { return }
        try await supersede(by: id, at: report.startedAt)
        let record = RevisionRecord(id: id, status: status, message: message, at: report.startedAt)
        try await ports.inventory.recordRevision(record)
        lastRecord = record
    }

    /// The status the head has after the pass; nil when the pass says nothing about it.
    private func result(_ report: PassReport) -> (String, RevisionRecord.Status, String)? {
        if case .invalid(let revision, let problems) = report.revisionFailure {
            return (revision, .failed, problems.prefix(20).joined(separator: "\n"))
        }
        guard report.revisionFailure == nil, let id = report.revision?.id, report.inForce != nil, !report.isStale else {
            return nil
        }
        if let refusal = report.plan.refusals.first { return (id, .failed, "\(refusal.rail): \(refusal.message)") }
        if let problem = report.plan.problems.first { return (id, .failed, "\(problem.object): \(problem.message)") }
        for (change, outcome) in report.results {
            switch outcome {
            case .failed(let message, _): return (id, .failed, "\(change.object): \(message)")
            case .notTried(let because): return (id, .failed, "\(change.object): not tried, \(because)")
            case .held(let because):
                if change.isReportOnly || change.reason == .drift { continue }
                if report.isHeldByWindow { return (id, .pending, because) }
                return lastRecord?.id == id && lastRecord?.status == .failed
                    ? nil : (id, .pending, "\(change.object): \(because)")
            case .planned, .done: continue
            }
        }
        if let window = report.window, window.effect == .holds { return (id, .pending, window.reason) }
        guard report.remaining.isEmpty else { return nil }
        if let checkpoint = report.checkpoint, checkpoint.tried == id {
            if checkpoint.state.isOpen {
                return (id, .pending, "waiting for its confirmation, or else \(checkpoint.confirmed) is restored")
            }
            // Its window was over before all of it had been made.
            if checkpoint.state != .confirmed { return (id, .failed, "rolled-back: nobody confirmed it in time") }
        }
        return (id, .applied, "")
    }
}
