import Logging
import Model

/// Restoring the confirmed revision: a pass of its own before the pass, which no rail and no suspension holds up.
extension Controller {
    /// Restores the confirmed revision of a checkpoint whose window is over.
    ///
    /// - Returns: how it went; nil when it was confirmed at the last moment.
    /// - Throws: when the host or the database can't be read or written at all. Whoever comes next tries again.
    func restore(
        _ checkpoint: Checkpoint, head: Result<Target, RevisionFailure>, now: Timestamp, _ run: inout PassRun
    ) async throws -> PassReport.Restoration? {
        guard let ports = ports.checkpoints else { return nil }
        // The pins first: from here on no pass goes on with what was tried.
        if checkpoint.state.isOpen, try await !ports.store.beginRollback(checkpoint.id),
            try await ports.store.checkpoint(checkpoint.id)?.state.isRestoring != true
        {
            return nil
        }
        run.logger.warning(
            "a change that nobody confirmed is rolled back",
            metadata: ["revision": "\(checkpoint.tried)", "to": "\(checkpoint.confirmed)"])
        var restoration = PassReport.Restoration(
            plan: .empty(revision: checkpoint.confirmed, at: now), outcomes: [], failure: nil, checkpoint: checkpoint)
        do {
            let round = try await bringBack(checkpoint, head: head, now: now, &run)
            restoration.plan = round.look.plan
            restoration.outcomes = round.outcomes
            restoration.failure = Self.failure(of: round)
        } catch {
            restoration.failure = "\(error)"
        }
        let state: Checkpoint.State = restoration.failure == nil ? .rolledBack : .failed
        try await ports.store.finish(checkpoint.id, state, message: restoration.failure ?? "")
        await tell(restoration, checkpoint, run)
        return restoration
    }

    private func bringBack(
        _ checkpoint: Checkpoint, head: Result<Target, RevisionFailure>, now: Timestamp, _ run: inout PassRun
    ) async throws -> Round {
        guard let kept = try await ports.checkpoints?.keeper.kept(checkpoint.confirmed, now: now) else {
            throw BackendError(.terminal, "the files of \(checkpoint.confirmed) are gone")
        }
        let target = Target(.lastGood, revision: kept.id, catalog: kept.catalog, index: CatalogIndex(kept.catalog))
        lastGood = target
        var snapshot = try await ports.inventory.snapshot()
        snapshot.endpoints = endpoints.endpoints
        await resolveNames(target, nil, wait: false)
        let observed = try await observe(target, snapshot)
        endpoints.note(observed.devices, at: observed.takenAt)
        run.lap(\.observe)
        let wanted = await compileKept(target, snapshot, observed, now: now, run)
        let desired = await withoutRevoked(wanted, checkpoint, head: head, snapshot, observed, now: now, run)
        let plan = plan(target, desired, snapshot, observed, run.options)
        run.lap(\.plan)
        let look = Look(
            target: target, snapshot: snapshot, observed: observed, desired: desired, generation: -1, now: now,
            plan: plan)
        // Somebody has to be let in again: nothing is held back for being report-only, tried before or at odds with others.
        let options = run.options
        run.options.mode = .explicit
        defer { run.options = options }
        return try await enforce(look, restriction: nil, &run)
    }

    /// What is to be restored, without those who were revoked since: by the head, by what was tried, or by name.
    private func withoutRevoked(
        _ wanted: DesiredState, _ checkpoint: Checkpoint, head: Result<Target, RevisionFailure>,
        _ snapshot: InventorySnapshot, _ observed: ObservedState, now: Timestamp, _ run: PassRun
    ) async -> DesiredState {
        var desired = wanted.keepingOut(snapshot.keptOut)
        var later: [Target] = []
        if case .success(let target) = head { later.append(target) }
        if later.first?.revision != checkpoint.tried {
            do {
                if let tried = try await ports.checkpoints?.keeper.kept(checkpoint.tried, now: now) {
                    later.append(
                        Target(
                            .lastGood, revision: tried.id, catalog: tried.catalog, index: CatalogIndex(tried.catalog)))
                }
            } catch {
                // Its revoked peers are among those that are kept out.
                run.logger.warning("what was tried can't be read", metadata: ["error": "\(error)"])
            }
        }
        for target in later {
            let state = await compileKept(target, snapshot, observed, now: now, run)
            desired = desired.without(revokedBy: state).disabling(state.projections)
        }
        return desired
    }

    private static func failure(of round: Round) -> String? {
        if let failure = round.storeFailure { return failure }
        if let problem = round.look.plan.problems.first(where: { $0.kind == .error }) {
            return "\(problem.object): \(problem.message)"
        }
        for (change, outcome) in zip(round.look.plan.changes, round.outcomes) {
            switch outcome {
            case .failed(let message, _): return "\(change.object): \(message)"
            case .notTried(let because), .held(let because): return "\(change.object): not tried, \(because)"
            case .planned, .done: continue
            }
        }
        return round.remaining.first.map { "\($0.object) is still not as it was" }
    }

    /// Restoring is told at once and whatever the rest of the pass finds.
    private func tell(_ restoration: PassReport.Restoration, _ checkpoint: Checkpoint, _ run: PassRun) async {
        let (tried, confirmed) = (checkpoint.tried, checkpoint.confirmed)
        let message =
            restoration.failure.map { "\(tried) was not confirmed in time, and restoring \(confirmed) FAILED: \($0)" }
            ?? "\(tried) was not confirmed in time: \(confirmed) was restored and read back;"
            + " `wirebuddy rollback \(confirmed.prefix(12))` makes the branch say so"
        if restoration.failure == nil {
            run.logger.notice("the host was restored", metadata: ["revision": "\(confirmed)"])
        } else {
            run.logger.critical("the host could not be restored", metadata: ["error": "\(restoration.failure ?? "")"])
        }
        do {
            let kind: Event.Kind = restoration.failure == nil ? .controller : .failure
            try await ports.inventory.appendEvents([
                Event(at: ports.clock.now(), pass: run.id, kind: kind, object: nil, message: message)
            ])
        } catch {
            run.logger.error("the state database can't be written", metadata: ["error": "\(error)"])
        }
    }
}

extension DesiredState {
    /// This state with the given peers revoked instead of present.
    func keepingOut(_ peers: Set<PeerID>) -> DesiredState {
        guard !peers.isEmpty else { return self }
        var revoked: [PeerID: RevokedPeer] = [:]
        for interface in interfaces {
            for peer in interface.peers {
                let id = PeerID(interface: interface.name, publicKey: peer.publicKey)
                if peers.contains(id) { revoked[id] = RevokedPeer(name: peer.name, cause: .emergency) }
            }
        }
        return without(revoked)
    }
}
