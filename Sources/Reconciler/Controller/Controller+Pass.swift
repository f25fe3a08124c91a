import Logging
import Model

/// One pass, from the first look to the last record.
extension Controller {
    func makePreview(_ options: PassOptions) async throws -> PassReport {
        var run = PassRun("preview", options, ports)
        async let ahead = lookAhead(maximumAge: options.maximumAge)
        let wall = ports.clock.now()
        let snapshot = try await ports.inventory.snapshot()
        endpoints.seed(snapshot.endpoints)
        let read = await readHead(options, now: wall)
        run.lap(\.load)
        run.ahead = await ahead
        run.lap(\.observe)
        let target = target(read, options)
        loadSecrets(target, isForced: true)
        await resolveNames(target, nil, wait: options.waitsForNames)
        run.lap(\.load)
        var judged = clockGuard
        let judgement = judge(&judged, target, snapshot, wall: wall, options)
        var look = try await look(
            target, snapshot, now: judgement.instant, mayWrite: false, &run)
        if case .failure = read { look.plan = look.plan.revocationsOnly() }
        var report = report(options, look, read, isPreview: true, wall: wall)
        let base = await revisionInForce(snapshot, read, options, now: judgement.instant)
        report.window = closedWindow(of: base, at: judgement.instant)
        if isHeld(look, by: report.window, of: base) { report.window?.effect = .holds }
        report.outcomes = look.plan.changes.map { _ in .planned }
        report.clockRefusal = judgement.refusal
        report.isStale = options.expectedPlanID.map { $0 != look.plan.id } ?? false
        report.unresolved = await unresolvedNames(target)
        report.locations = DeclaredPlaces(target.catalog).locations(of: report.subjects)
        report.durations = run.durations
        report.conditions = unrecordedConditions ?? snapshot.conditions
        if let checkpoint = snapshot.checkpoint, checkpoint.state.isOpen || checkpoint.state.isRestoring {
            report.checkpoint = checkpoint
        }
        return report
    }

    func makePass(_ options: PassOptions, _ interruption: Interruption) async throws -> PassReport {
        let number = begun.next()
        let wall = ports.clock.now()
        var run = PassRun(ports.passID(), options, ports, interruption)
        async let ahead = lookAhead(maximumAge: nil)
        var snapshot = try await ports.inventory.snapshot()
        endpoints.seed(snapshot.endpoints)
        if lastRecord == nil {
            lastRecord = try await ports.inventory.revisions(limit: 1).first
            standing.know(lastRecord?.id)
        }
        let read = await readHead(options, now: wall)
        run.lap(\.load)
        run.ahead = await ahead
        run.lap(\.observe)
        heads.note(options.mode == .loop && options.source == nil ? (try? read.get())?.revision : nil)
        var stance = await stance(snapshot, options, run.logger)
        var restoration: PassReport.Restoration?
        if case .restore(let checkpoint) = stance {
            restoration = try await restore(checkpoint, head: read, now: wall, &run)
            snapshot = try await ports.inventory.snapshot()
            if restoration == nil || restoration?.failure == nil { stance = .free }
        }
        if options.scope == .teardown, let checkpoint = snapshot.checkpoint,
            checkpoint.state.isOpen || checkpoint.state.isRestoring, let store = ports.checkpoints?.store
        {
            // Who takes everything down decides that nothing is restored either.
            try await store.abandon(checkpoint.id)
            snapshot = try await ports.inventory.snapshot()
        }
        await followCheckpoint(snapshot, now: wall, run.logger)
        let target = target(read, options)
        loadSecrets(target, isForced: options.mode == .explicit || options.trigger == "reload")
        await resolveNames(
            target, latest.value?.report.observed, wait: options.mode == .explicit && options.waitsForNames)
        run.lap(\.load)

        let judgement = judge(&clockGuard, target, snapshot, wall: wall, options)
        let base = await revisionInForce(snapshot, read, options, now: judgement.instant)
        let window = closedWindow(of: base, at: judgement.instant)
        await follow(base, snapshot, isClosed: window != nil, head: target, run.logger)
        var look = try await look(
            target, snapshot, now: judgement.instant, mayWrite: options.scope != .revocations, &run)
        endpoints.note(look.observed.devices, at: look.observed.takenAt)
        if target.kind == .lastGood, options.mode == .explicit { look.plan = look.plan.revocationsOnly() }
        var report = report(options, look, read, isPreview: false, wall: wall)
        report.pass = run.id
        report.number = number
        report.clockRefusal = judgement.refusal
        report.isStale = options.expectedPlanID.map { $0 != look.plan.id } ?? false
        resetRetries(look, options)

        report.restoration = restoration
        if snapshot.checkpoint?.state.isOpen == true || snapshot.checkpoint?.state.isRestoring == true {
            report.checkpoint = snapshot.checkpoint
        }
        var why = restriction(options, look, isStale: report.isStale)
        if why == nil, options.scope == .everything {
            why = stance.restriction(head: target.kind == .head ? target.revision : nil)
            if case .window(let checkpoint) = stance, why != nil { report.waitsFor = checkpoint.tried }
        }
        report.window = window
        if why == nil, isHeld(look, by: window, of: base) {
            report.window?.effect = options.mode == .loop ? .holds : .passed
            if options.mode == .loop {
                why = hold(&look, by: window, run.logger)
            }
        }
        if why == nil { why = await secure(look, stance, &report, run) }
        // Before it is done: who is killed right after it leaves nobody to say so.
        let out = await keepOut(look, snapshot, &report)
        if why != nil { noteTakenAway(by: look) }
        var round = try await enforce(look, restriction: why, &run)
        report.absorb(round)
        // Also what this very pass took away by name does not come back by what is healed below.
        round.look.snapshot.keptOut.formUnion(out)
        report.plan = round.look.plan
        report.outcomes = round.outcomes
        report.remaining = round.remaining
        var last = round
        if target.kind == .head, options.scope == .everything, !report.isStale {
            let isHeld = report.waitsFor != nil || report.checkpointFailure != nil || report.isHeldByWindow
            if look.plan.refusals.isEmpty, !isHeld, stance.restriction(head: target.revision) == nil {
                // While the loop is suspended nothing comes into force.
                if why == nil {
                    (lastGood, takenAway) = (target, [])
                    cache.keep(target.revision)
                }
            } else if case .yield = stance {
                report.inForce = snapshot.checkpoint?.confirmed
            } else if let round = try await heal(look, round, &run) {
                report.absorb(round)
                report.healing = PassReport.Healing(
                    plan: round.look.plan, outcomes: round.outcomes, remaining: round.remaining)
                report.inForce = round.look.target.revision
                last = round
            } else {
                report.inForce = lastGood?.revision ?? (report.isHeldByWindow ? window?.revision : nil)
            }
        }
        await settle(&report, look, stance, isRestricted: why != nil, run.logger)
        report.failing = retries.failing
        flaps.forgetQuiet(at: ports.uptime.uptime())
        report.flapping = flaps.flapping
        report.unresolved = await unresolvedNames(target)
        report.retryAt = retryTime(report, restricted: why != nil)
        await recordDrift(&report, snapshot, options, run.logger)
        await conclude(&report, last, snapshot: snapshot, run.logger)
        run.lap(\.record)
        report.durations = run.durations
        publish(report, target)
        log(report, run.logger)
        return report
    }

    /// Looks at the host and plans.
    private func look(
        _ target: Target, _ snapshot: InventorySnapshot, now: Timestamp, mayWrite: Bool, _ run: inout PassRun
    ) async throws -> Look {
        var snapshot = snapshot
        snapshot.endpoints = endpoints.endpoints
        let observed = try await observe(target, snapshot, or: lookInstead(run))
        run.lap(\.observe)
        let keys = interfaceKeys(target, observed, adopt: run.options.adopt, mayWrite: mayWrite)
        var desired = await compile(
            target, snapshot, observed, keys: keys.keys, problems: keys.problems, now: now, adopt: run.options.adopt)
        let out = snapshot.keptOut.union(takenAway)
        if target.kind == .lastGood, !out.isEmpty {
            // While the head can't be read, what came before it is in force: nobody it revoked comes back by that either.
            desired = (desired.state.keepingOut(out), -1)
        }
        let plan = plan(target, desired.state, snapshot, observed, run.options)
        var look = Look(
            target: target, snapshot: snapshot, observed: observed, desired: desired.state,
            generation: desired.generation, now: now, plan: plan)
        await watchPaths(&look, run.options)
        run.lap(\.plan)
        return look
    }

    /// Heals drift from the last good revision while a rail refuses the head, or it waits. Peers that the head revokes and
    /// users that it disables stay out.
    private func heal(_ refused: Look, _ round: Round, _ run: inout PassRun) async throws -> Round? {
        // What was rolled back is refused at every start: the last confirmed revision is applied then, whoever asks.
        let isRolledBack = refused.plan.refusals.contains { $0.rail == RolledBackRail().name }
        guard run.options.mode == .loop || isRolledBack, refused.snapshot.suspension(at: refused.now) == nil,
            let good = lastGood, good.revision != refused.target.revision
        else { return nil }
        let target = Target(.lastGood, revision: good.revision, catalog: good.catalog, index: good.index)
        loadSecrets(target, isForced: false)
        let (snapshot, observed) = (round.look.snapshot, round.look.observed)
        let keys = interfaceKeys(target, observed, adopt: [], mayWrite: false)
        let compiled = await compile(
            target, snapshot, observed, keys: keys.keys, problems: keys.problems, now: refused.now,
            adopt: run.options.adopt)
        let out = snapshot.keptOut.union(refused.heldRemovals ?? []).union(takenAway)
        let desired = compiled.state.keepingOut(out).without(revokedBy: refused.desired)
            .disabling(refused.desired.projections)
        let plan = plan(target, desired, snapshot, observed, run.options)
        // What was in force before a change on trial was consented to then: no rail stands between it and its restore.
        guard plan.refusals.isEmpty || isRolledBack else { return nil }
        run.lap(\.plan)
        let look = Look(
            target: target, snapshot: snapshot, observed: observed, desired: desired, generation: -1,
            now: refused.now, plan: plan, heldRemovals: refused.heldRemovals)
        return try await enforce(look, restriction: nil, &run)
    }

    /// Remembers whom the head takes away, and forgets whom it declares again.
    private func noteTakenAway(by look: Look) {
        guard look.target.kind == .head else { return }
        let (declared, revoked) = (look.desired.peers, look.desired.revoked)
        takenAway = takenAway.filter { declared[$0] == nil || revoked[$0] != nil }
        var peers = removalsInForce(since: lastGood, look).union(look.plan.revocations).union(revoked.keys)
        let keys = look.desired.revokedKeys
        if !keys.isEmpty {
            // Also those that had another interface then.
            for peer in lastGood?.catalog.peers ?? [] where keys.contains(peer.publicKey) {
                peers.insert(PeerID(interface: peer.interface, publicKey: peer.publicKey))
            }
        }
        // A block by `revoke` ends by itself.
        takenAway.formUnion(peers.filter { !look.desired.blockedKeys.contains($0.publicKey) })
    }

    /// Peers that are removed by name while something may still be restored stay out: these.
    private func keepOut(
        _ look: Look, _ snapshot: InventorySnapshot, _ report: inout PassReport
    ) async -> Set<PeerID> {
        guard let store = ports.checkpoints?.store, let checkpoint = snapshot.checkpoint,
            checkpoint.state.isOpen || checkpoint.state.isRestoring || !snapshot.pins.isEmpty
        else { return [] }
        let out = Set(look.desired.revoked.keys).union(look.plan.revocations)
        guard !out.isSubset(of: snapshot.keptOut) else { return out }
        do {
            try await store.extend(checkpoint.id, pins: [], out: out, mayLockOut: false)
        } catch {
            report.storeFailure = report.storeFailure ?? "the state database can't be written: \(error)"
        }
        return out
    }

    private func report(
        _ options: PassOptions, _ look: Look, _ read: Result<Target, RevisionFailure>, isPreview: Bool, wall: Timestamp
    ) -> PassReport {
        var report = PassReport(
            pass: isPreview ? "preview" : "", trigger: options.trigger, isPreview: isPreview, startedAt: wall,
            plan: look.plan, outcomes: [], remaining: [], observed: look.observed)
        switch read {
        case .success(let target): report.revision = target.origin
        case .failure(let failure): if options.scope != .teardown { report.revisionFailure = failure }
        }
        report.peers = look.desired.peers
        switch look.target.kind {
        case .head, .lastGood: report.inForce = look.target.revision
        case .teardown, .none: report.inForce = nil
        }
        report.isTeardown = look.target.kind == .teardown
        report.suspension = look.snapshot.suspension(at: look.now)
        report.acknowledgements = look.target.catalog.acknowledgements
        return report
    }

    /// Why only revocations are executed, or nil.
    private func restriction(_ options: PassOptions, _ look: Look, isStale: Bool) -> String? {
        if options.scope == .revocations { return "only revocations were asked for" }
        if look.target.kind == .none { return "no revision can be used" }
        if look.target.kind == .lastGood, options.mode == .explicit { return "the revision can't be used" }
        if isStale { return "the plan is stale: it is \(look.plan.id) now" }
        if let refusal = look.plan.refusals.first { return "refused: \(refusal.message)" }
        if options.mode == .loop, let suspension = look.snapshot.suspension(at: look.now) {
            return "suspended: \(suspension.reason)"
        }
        return nil
    }

    private func judge(
        _ clock: inout ClockGuard, _ target: Target, _ snapshot: InventorySnapshot, wall: Timestamp,
        _ options: PassOptions
    ) -> ClockGuard.Judgement {
        clock.judge(
            wall: wall, uptime: ports.uptime.uptime(), expiries: target.index.expiries, enforced: snapshot.expired,
            peers: target.catalog.peers.count, limits: target.catalog.settings.reconcile,
            approvals: options.approvals.union(snapshot.approvals).union(target.catalog.consents(at: wall)),
            digest: ports.digest)
    }

    private func loadSecrets(_ target: Target, isForced: Bool) {
        secrets.refresh(
            target.index, revision: target.revision, source: ports.secrets, isForced: isForced,
            at: ports.uptime.uptime())
    }

    private func resetRetries(_ look: Look, _ options: PassOptions) {
        let basis = RetryBasis(
            revision: look.target.revision, kernelWireGuard: look.observed.kernelWireGuard,
            unreadable: look.observed.unreadable)
        if basis != retryBasis || options.mode == .explicit || options.trigger == "reload" { retries.reset() }
        retryBasis = basis
    }

    private func retryTime(_ report: PassReport, restricted: Bool) -> Duration? {
        let now = ports.uptime.uptime()
        if restricted {
            let isLost = report.results.contains { change, outcome in
                if case .failed = outcome { change.isRevocation } else { false }
            }
            return isLost ? max(retries.next ?? now, now + .seconds(1)) : nil
        }
        return [retries.next, flaps.next(after: now)].compactMap(\.self).min().map { max($0, now + .milliseconds(800)) }
    }

    private func unresolvedNames(_ target: Target) async -> [ObjectID: String] {
        var unresolved: [ObjectID: String] = [:]
        for (name, peers) in target.index.namedEndpoints where await ports.names.address(of: name) == nil {
            for peer in peers {
                guard let object = target.index.peerNames[peer] else { continue }
                unresolved[ObjectID(.peer, object)] = "the endpoint \(name) has no address yet; is the name right?"
            }
        }
        return unresolved
    }

    private func publish(_ report: PassReport, _ target: Target) {
        let isHeld = !report.plan.refusals.isEmpty || report.isHeldByWindow
        let inForce = target.kind == .head && isHeld ? lastGood ?? target : target
        let now = report.startedAt
        let isKnown = inForce.kind == .head || inForce.kind == .lastGood
        latest.publish(
            GatewayView(
                report: report, catalog: isKnown ? inForce.catalog : nil,
                interval: inForce.catalog.settings.reconcile.interval,
                nextInstant: [
                    target.index.nextExpiry(after: now), inForce.index.nextExpiry(after: now), report.nextEnd,
                ].compactMap(\.self).min(),
                lookedAt: ports.uptime.uptime(), number: latest.nextNumber))
    }

    private func log(_ report: PassReport, _ logger: Logger) {
        let done = report.outcomes.lazy.filter { $0 == .done }.count
        let failed = report.outcomes.lazy.filter { if case .failed = $0 { true } else { false } }.count
        let isQuiet = report.plan.changes.isEmpty && report.healing == nil && report.revisionFailure == nil
        var metadata: Logger.Metadata = [
            "trigger": "\(report.trigger)", "revision": "\(report.inForce ?? "none")",
            "changes": "\(report.plan.changes.count)", "done": "\(done)", "failed": "\(failed)",
            "writes": "\(report.writes)",
        ]
        for (name, duration) in report.durations.parts {
            metadata["\(name)_us"] = "\(Int(duration / .microseconds(1)))"
        }
        logger.log(level: failed > 0 ? .warning : isQuiet ? .debug : .info, "pass finished", metadata: metadata)
    }
}

extension InventorySnapshot {
    /// The suspension that is in force at `now`.
    func suspension(at now: Timestamp) -> Suspension? {
        guard let suspension else { return nil }
        return suspension.until.map { now < $0 } ?? true ? suspension : nil
    }
}
