import Logging
import Model

/// Changes that are undone unless somebody confirms them: what comes before the first write, and after the last.
extension Controller {
    /// How long a confirmation of a change that may lock somebody out is waited for, where the settings say nothing else.
    static let automaticWindow: Duration = .seconds(120)

    /// What the newest checkpoint means for this pass. In an open window somebody has to watch: a watchdog that is gone is
    /// started again.
    func stance(_ snapshot: InventorySnapshot, _ options: PassOptions, _ logger: Logger) async -> Stance {
        guard let ports = ports.checkpoints, let checkpoint = snapshot.checkpoint,
            checkpoint.state.isOpen || checkpoint.state.isRestoring
        else { return .free }
        let isWatched = await ports.watchdog.isWatching()
        let stance = Stance(checkpoint, ports: ports, options: options, isWatched: isWatched)
        if case .window = stance, !isWatched, !options.isWatchdog, options.scope != .teardown {
            do {
                try await ports.watchdog.start(checkpoint)
                logger.warning(
                    "the watchdog was gone and is started again", metadata: ["checkpoint": "\(checkpoint.id)"])
            } catch {
                logger.error("there is no watchdog", metadata: ["checkpoint": "\(checkpoint.id)", "error": "\(error)"])
            }
        }
        return stance
    }

    /// Takes over which revision is in force: another process may have rolled one back or confirmed it.
    func followCheckpoint(_ snapshot: InventorySnapshot, now: Timestamp, _ logger: Logger) async {
        guard let keeper = ports.checkpoints?.keeper, let checkpoint = snapshot.checkpoint else { return }
        var known = checkpoint
        // What answers meanwhile changes nothing of what is in force.
        known.probes = []
        if followed != known {
            // What another process wrote is not what this one remembers.
            recorded = nil
            retries.reset()
            followed = known
        }
        let wanted: String?
        switch checkpoint.state {
        case .armed, .waiting: wanted = checkpoint.tried
        case .rollingBack, .failed: wanted = checkpoint.confirmed
        case .rolledBack: wanted = snapshot.pins.isEmpty ? nil : snapshot.confirmed ?? checkpoint.confirmed
        case .confirmed: wanted = nil
        }
        guard let wanted, lastGood?.revision != wanted else { return }
        do {
            let kept = try await keeper.kept(wanted, now: now)
            lastGood = kept.map {
                Target(.lastGood, revision: $0.id, catalog: $0.catalog, index: CatalogIndex($0.catalog))
            }
        } catch {
            // Anything else that is remembered is just what must not be brought back.
            lastGood = nil
            logger.error(
                "the revision in force can't be read", metadata: ["revision": "\(wanted)", "error": "\(error)"])
        }
    }

    /// Begins a checkpoint if the changes of a look need one: it is on disk and watched before anything is written.
    ///
    /// - Returns: why nothing may be written; nil: go on.
    func secure(_ look: Look, _ stance: Stance, _ report: inout PassReport, _ run: PassRun) async -> String? {
        guard let ports = ports.checkpoints, look.target.kind == .head, run.options.scope == .everything else {
            return nil
        }
        let held = holds(look.plan, run.options, restriction: nil)
        let pending = look.plan.changes.indices.filter { index in
            let change = look.plan.changes[index]
            return held[index] == nil && !change.isRevocation && change.reason != .drift
        }.map { look.plan.changes[$0] }
        do {
            if case .window(let checkpoint) = stance {
                report.checkpoint = checkpoint
                let revoked = Set(look.desired.revoked.keys)
                guard !pending.isEmpty || !revoked.isSubset(of: look.snapshot.keptOut) else { return nil }
                let kept = try await ports.keeper.kept(checkpoint.confirmed, now: look.now)
                var pins: [Pin] = []
                if let kept { pins = await self.pins(of: pending, look, base: kept, checkpoint.id, run) }
                try await ports.store.extend(
                    checkpoint.id, pins: pins, out: revoked,
                    mayLockOut: pending.contains { $0.impact == .lockoutRisk })
                return nil
            }
            guard !pending.isEmpty, let window = window(pending, look.target, run.options) else { return nil }
            return try await begin(window, pending, look, &report, run)
        } catch {
            report.checkpointFailure = "no checkpoint could be made, so nothing was changed: \(error)"
            return report.checkpointFailure
        }
    }

    /// How long a confirmation of these changes is waited for; nil: it isn't.
    private func window(_ pending: [Change], _ target: Target, _ options: PassOptions) -> Duration? {
        let window: Duration
        if let asked = options.confirmWithin {
            window = asked
        } else {
            switch target.catalog.settings.reconcile.confirm {
            case .within(let time): window = time
            case .auto:
                guard pending.contains(where: { $0.impact == .lockoutRisk }) else { return nil }
                window = Self.automaticWindow
            }
        }
        return window > .zero ? window : nil
    }

    private func begin(
        _ window: Duration, _ pending: [Change], _ look: Look, _ report: inout PassReport, _ run: PassRun
    ) async throws -> String? {
        guard let ports = ports.checkpoints else { return nil }
        guard let base = look.snapshot.confirmed ?? look.snapshot.lastApplied?.id else {
            report.unprotected = "no revision was in force before: there is nothing to roll back to"
            return nil
        }
        guard base != look.target.revision else {
            report.unprotected = "\(base) was in force before: there is no other revision to roll back to"
            return nil
        }
        let id = "\(run.id)-\(look.now.seconds)"
        guard let kept = try await ports.keeper.kept(base, now: look.now) else {
            report.unprotected = "the files of \(base) were not kept: there is nothing to roll back to"
            return nil
        }
        let pins = await pins(of: pending, look, base: kept, id, run)
        let probes = try await baseline(look.target.catalog, kept.catalog, run)
        try await ports.keeper.protect(base)
        try await ports.keeper.keep(look.target.revision, now: look.now)
        // What is restored starts from where peers were seen last.
        let endpoints = endpoints.takeUnsaved()
        do {
            if !endpoints.isEmpty { try await self.ports.inventory.rememberEndpoints(endpoints) }
        } catch {
            self.endpoints.putBack(endpoints)
            throw error
        }
        var checkpoint = Checkpoint(
            id: id, tried: look.target.revision, confirmed: base, begunAt: self.ports.clock.now(),
            window: Int64(window / .milliseconds(1)), uptime: ports.uptime(), bootID: ports.bootID)
        checkpoint.mayLockOut = pending.contains { $0.impact == .lockoutRisk }
        checkpoint.probes = probes
        // Whoever was taken away while the head could not come into force, and by it.
        let older = Target(.lastGood, revision: kept.id, catalog: kept.catalog, index: CatalogIndex(kept.catalog))
        let out = takenAway.union(removalsInForce(since: older, look)).union(look.plan.revocations)
            .union(look.desired.revoked.keys).union(look.snapshot.keptOut)
        let spent = Set(pending.map(\.digest)).union([RolledBackRail.digest(of: look.snapshot.pins, self.ports.digest)])
        try await ports.store.begin(
            checkpoint, pins: pins, out: out, spent: spent)
        do {
            try await ports.watchdog.start(checkpoint)
        } catch {
            try await ports.store.abandon(id)
            throw error
        }
        report.checkpoint = checkpoint
        report.hasBegunCheckpoint = true
        return nil
    }

    /// What is pinned if these changes are rolled back.
    private func pins(
        of pending: [Change], _ look: Look, base kept: DesiredRevision, _ checkpoint: String, _ run: PassRun
    ) async -> [Pin] {
        let target = Target(.lastGood, revision: kept.id, catalog: kept.catalog, index: CatalogIndex(kept.catalog))
        let desired = await compileKept(target, look.snapshot, look.observed, now: look.now, run)
        return RolledBackRail.pins(
            pending, desired: AppliedRecord.all(of: look.desired, on: look.observed.host),
            base: AppliedRecord.all(of: desired, on: look.observed.host), checkpoint: checkpoint)
    }

    /// What a revision that was kept wants of this host.
    func compileKept(
        _ target: Target, _ snapshot: InventorySnapshot, _ observed: ObservedState, now: Timestamp, _ run: PassRun
    ) async -> DesiredState {
        secrets.refresh(
            target.index, revision: target.revision, source: ports.secrets, isForced: false, at: ports.uptime.uptime())
        let keys = interfaceKeys(target, observed, adopt: [], mayWrite: false)
        return await compile(
            target, snapshot, observed, keys: keys.keys, problems: keys.problems, now: now, adopt: run.options.adopt
        ).state
    }

    /// After the changes: the window begins, or the head is in force without one. What was done stands, whatever fails
    /// here: a window that could not begin ends when the one of the making does.
    func settle(
        _ report: inout PassReport, _ look: Look, _ stance: Stance, isRestricted: Bool, _ logger: Logger
    ) async {
        do {
            try await settle(&report, look, stance, isRestricted: isRestricted)
        } catch is RevisionFailure {
            // The files changed meanwhile: the next pass keeps the newer ones.
            logger.debug("the files of the revision were not kept")
        } catch {
            report.storeFailure = report.storeFailure ?? "the state can't be written: \(error)"
            logger.error("the state can't be written", metadata: ["error": "\(error)"])
        }
    }

    private func settle(
        _ report: inout PassReport, _ look: Look, _ stance: Stance, isRestricted: Bool
    ) async throws {
        guard let ports = ports.checkpoints else { return }
        if let checkpoint = report.checkpoint, checkpoint.state == .armed, !isRestricted {
            let now = ports.uptime()
            // A pass that only goes on with what another one began gives nobody more time.
            let isOwn = report.hasBegunCheckpoint
            let end = self.ports.clock.now().advanced(bySeconds: (checkpoint.window + 999) / 1000)
            _ = try await ports.store.beginWindow(
                checkpoint.id, deadline: isOwn ? end : checkpoint.deadline,
                deadlineUptime: isOwn ? now + checkpoint.window : checkpoint.deadlineUptime, appliedUptime: now)
            report.checkpoint = try await ports.store.checkpoint(checkpoint.id)
            return
        }
        guard case .free = stance, !isRestricted, look.target.kind == .head, report.checkpoint == nil,
            report.storeFailure == nil, look.target.isImmutable
        else { return }
        let isComplete = report.plan.problems.isEmpty && report.observed.unreadable.isEmpty
        if isComplete, !look.snapshot.pins.isEmpty, report.remaining.isEmpty { try await ports.store.dropPins() }
        guard look.snapshot.confirmed != look.target.revision, !report.wasInterrupted else { return }
        try await ports.keeper.keep(look.target.revision, now: look.now)
        try await ports.store.recordConfirmed(look.target.revision)
        knownConfirmed = look.target.revision
        let checkpoint = look.snapshot.checkpoint
        try await ports.keeper.forget(
            except: Set([look.target.revision, checkpoint?.tried, checkpoint?.confirmed].compactMap(\.self)))
    }
}

extension PassReport {
    /// Whether a step was left out because the pass was asked to end.
    var wasInterrupted: Bool {
        outcomes.contains { if case .notTried = $0 { true } else { false } }
    }
}
