import Logging
import Model

/// What became of one plan.
struct Round {
    /// The look with the plan, and the newest state of inventory and host.
    var look: Look
    var outcomes: [Outcome]
    /// What still differs, without what was left alone on purpose.
    var remaining: [Change]
    var writes: Int
    var storeFailure: String?
}

/// Executing a plan, verifying it and recording what was read back.
extension Controller {
    func enforce(_ start: Look, restriction: String?, _ run: inout PassRun) async throws -> Round {
        var look = start
        let held = holds(look.plan, run.options, restriction: restriction)
        var execution = PlanExecution(
            look.plan, held: held, isRestricted: restriction != nil, snapshot: look.snapshot,
            observed: look.observed, ports: ports, logger: run.logger)
        var round = Round(look: look, outcomes: execution.outcomes, remaining: [], writes: 0)
        let isIdle = look.plan.changes.isEmpty || held.count == look.plan.changes.count
        if !isIdle {
            // What was seen before is no longer what is there.
            (recentLook, run.ahead) = (nil, nil)
            await execution.runRevocations()
            if restriction == nil {
                do {
                    try await journal(look, pass: run.id)
                    await execution.runRest(until: run.interruption)
                } catch {
                    let message = "the state database can't be written: \(error)"
                    round.storeFailure = message
                    execution.giveUpRest(because: message)
                }
            }
            run.lap(\.apply)
            run.durations.wireGuard += execution.wireGuardTime
            run.durations.firewall += execution.firewallTime
            look.snapshot = execution.snapshot
            let second = await verify(&look, execution, run.options)
            round.outcomes = ReadBack(second: second, unreadable: look.observed.unreadable)
                .judge(start.plan.changes, execution.outcomes)
            let left = Set(held.keys.map { ChangeKey(start.plan.changes[$0]) })
            if case .success(let plan) = second {
                round.remaining = plan.changes.filter { !left.contains(ChangeKey($0)) }
            }
            run.lap(\.verify)
            note(start.plan, round.outcomes, run.options)
            if case .success(let plan) = second, round.storeFailure == nil {
                round.storeFailure = await record(&look, start, round.outcomes, plan, isRestricted: restriction != nil)
            }
        } else {
            round.storeFailure = await record(
                &look, start, round.outcomes, look.plan, isRestricted: restriction != nil)
        }
        run.lap(\.record)
        round.writes = execution.writes
        look.plan = start.plan
        round.look = look
        return round
    }

    /// The changes that are left alone, by index, and why.
    func holds(_ plan: Plan, _ options: PassOptions, restriction: String?) -> [Int: Hold] {
        let now = ports.uptime.uptime()
        var held: [Int: Hold] = [:]
        for (index, change) in plan.changes.enumerated() where !change.isRevocation {
            if let restriction {
                held[index] = Hold(reason: restriction)
            } else if options.mode == .loop {
                if change.isReportOnly {
                    held[index] = Hold(reason: "drift is only reported (drift: report)")
                } else if let message = retries.hold(change, at: now) {
                    held[index] = Hold(reason: "waiting before another try: \(message)", failure: message)
                } else if change.reason == .drift, let message = flaps.hold(ChangeKey(change), at: now) {
                    held[index] = Hold(reason: message)
                }
            }
        }
        return held
    }

    /// What is about to happen is on disk before it does; a state directory that can't be written stops it here.
    private func journal(_ look: Look, pass: String) async throws {
        let now = ports.clock.now()
        if look.target.kind == .head, lastRecord?.id != look.target.revision {
            try await supersede(by: look.target.revision, at: now)
            let record = RevisionRecord(id: look.target.revision, status: .pending, message: "", at: now)
            try await ports.inventory.recordRevision(record)
            lastRecord = record
            return
        }
        let drift = look.plan.drift.count
        try await ports.inventory.appendEvents([
            Event(
                at: now, pass: pass, kind: drift > 0 ? .drift : .controller, object: nil,
                message: "\(look.plan.changes.count) changes to make, \(drift) of them drift")
        ])
    }

    /// Reads the host again, takes over what only the host knows, and plans again.
    private func verify(
        _ look: inout Look, _ execution: PlanExecution, _ options: PassOptions
    ) async -> Result<Plan, BackendError> {
        do {
            let observed = try await observe(look.target, look.snapshot)
            look.observed = observed
            if execution.wroteFirewall, !observed.unreadable.contains(where: { $0.part == .firewall }) {
                // How the kernel prints our rules is known only from reading them back.
                let structure = observed.firewall.structure
                if structure?.policyDigest == look.desired.firewall?.policyDigest { look.snapshot.firewall = structure }
            }
            let desired = look.desired
            if look.generation >= 0 {
                let problems = desired.problems
                let keys = interfaceKeys(look.target, observed, adopt: options.adopt, mayWrite: false).keys
                let compiled = await compile(
                    look.target, look.snapshot, observed, keys: keys, problems: [:], now: look.now, adopt: options.adopt
                )
                look.desired = compiled.state
                look.desired.problems.merge(problems) { own, _ in own }
                look.generation = compiled.generation
            }
            let plan = plan(look.target, look.desired, look.snapshot, observed, options)
            return .success(plan)
        } catch {
            return .failure(BackendError(.transient, "\(error)"))
        }
    }

    private func note(_ plan: Plan, _ outcomes: [Outcome], _ options: PassOptions) {
        let now = ports.uptime.uptime()
        retries.note(plan, outcomes, at: now, jitter: ports.jitter)
        guard options.mode == .loop else { return }
        for (change, outcome) in zip(plan.changes, outcomes) where change.reason == .drift && outcome == .done {
            flaps.healed(ChangeKey(change), at: now)
        }
    }

    /// Writes to the inventory what was read back; returns why it could not be written.
    private func record(
        _ look: inout Look, _ start: Look, _ outcomes: [Outcome], _ second: Plan, isRestricted: Bool
    ) async -> String? {
        var update = InventoryUpdate()
        let before = start.snapshot
        update.addExpired(look.snapshot, look.desired, look.observed)
        update.addRevoked(look.snapshot, start.plan.changes, outcomes)
        if !isRestricted, look.target.kind == .head {
            update.addNamedRemovals(
                look.snapshot, look.desired, look.observed, start.plan.changes, outcomes, now: ports.clock.now())
        }
        if !isRestricted {
            update.addInterfaces(look.snapshot, look.desired, look.observed)
            let known = recorded.flatMap { $0.count == look.snapshot.applied.count ? $0 : nil }
            if second.changes.isEmpty, look.generation >= 0, known?.generation == look.generation {
                // The inventory holds the records of this very state.
            } else {
                update.addApplied(
                    look.snapshot, look.desired, look.observed, second, since: look.generation >= 0 ? known?.state : nil
                )
                if look.target.kind == .head {
                    update.addPeers(look.snapshot, look.desired, now: ports.clock.now())
                }
            }
            if look.snapshot.firewall != before.firewall { update.firewall = .some(look.snapshot.firewall) }
            if look.desired.firewall == nil, look.observed.firewall.structure == nil, look.snapshot.firewall != nil,
                !look.observed.unreadable.contains(where: { $0.part == .firewall || $0.part == .links })
            {
                update.firewall = .some(nil)
            }
        }
        do {
            try await write(update, &look.snapshot)
            let isSettled = second.changes.isEmpty && second.problems.isEmpty && look.observed.unreadable.isEmpty
            if !isRestricted {
                let count = look.snapshot.applied.count
                if look.generation >= 0 {
                    recorded =
                        isSettled
                        ? RecordedState(generation: look.generation, count: count, state: look.desired) : nil
                } else if !update.applied.isEmpty {
                    // These records are those of another state: what was torn down or restored.
                    recorded = nil
                } else {
                    recorded = recorded.map { RecordedState(generation: $0.generation, count: count, state: $0.state) }
                }
            }
            return nil
        } catch {
            recorded = nil
            return "the state database can't be written: \(error)"
        }
    }

    private func write(_ update: InventoryUpdate, _ snapshot: inout InventorySnapshot) async throws {
        let inventory = ports.inventory
        if !update.expired.isEmpty {
            try await inventory.recordExpired(update.expired)
            snapshot.expired.merge(update.expired) { $1 }
        }
        for row in update.outcomes {
            try await inventory.recordOutcome(row)
            snapshot.interfaces[row.name] = row
        }
        for name in update.forgotten {
            try await inventory.forgetInterface(name)
            snapshot.interfaces[name] = nil
        }
        if !update.applied.isEmpty {
            try await inventory.recordApplied(update.applied)
            for (object, digest) in update.applied { snapshot.applied[object] = digest }
        }
        if !update.peers.isEmpty || !update.released.isEmpty {
            try await inventory.recordPeers(update.peers, released: update.released)
            for (id, peer) in update.peers { snapshot.peers[id] = peer }
            for (address, at) in update.released { snapshot.released[address] = at }
        }
        if let structure = update.firewall {
            try await inventory.recordFirewall(structure)
            snapshot.firewall = structure
        }
        if !update.withdrawn.isEmpty {
            try await inventory.withdraw(update.withdrawn)
            snapshot.approvals.subtract(update.withdrawn)
        }
        for sysctl in update.releasedSysctls {
            try await inventory.recordSysctl(sysctl, nil)
            snapshot.sysctls[sysctl] = nil
        }
    }

    /// A newer revision came before the old one was applied.
    func supersede(by revision: String, at now: Timestamp) async throws {
        guard let old = lastRecord, old.id != revision, old.status == .pending || old.status == .failed else { return }
        try await ports.inventory.recordRevision(
            RevisionRecord(id: old.id, status: .superseded, message: "\(revision) came first", at: now))
    }
}

extension PassReport {
    /// Takes over what a round did to the host.
    mutating func absorb(_ round: Round) {
        writes += round.writes
        observed = round.look.observed
        storeFailure = storeFailure ?? round.storeFailure
    }
}
