import Logging
import Model
import Synchronization

/// Runs the probes of the change on trial, beside all passes, until each succeeded once since the change or its window
/// ends. Which ones count stands in the database, so that any process can go on. It outlives its controller: who waits
/// for the end of the window keeps no other part of a pass.
final class TrialProbing: Sendable {
    private struct Trial {
        var id: String
        var task: Task<Void, Never>
    }

    /// The time from one run of a probe to the next.
    static let interval: Duration = .seconds(2)

    /// An element where a probe succeeded or all of them confirmed the change.
    let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation
    private let ports: ControllerPorts
    private let trial = Mutex<Trial?>(nil)

    init(_ ports: ControllerPorts) {
        self.ports = ports
        (changes, change) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Begins to run the probes of a checkpoint, if there is anything to do and that is not done already.
    func follow(_ checkpoint: Checkpoint) {
        guard let checkpoints = ports.checkpoints, let runner = checkpoints.probes, checkpoint.state == .waiting,
            !checkpoint.waitingProbes.isEmpty || checkpoint.isConfirmedByProbes
        else { return }
        trial.withLock { trial in
            guard trial?.id != checkpoint.id else { return }
            trial?.task.cancel()
            let round = TrialRound(
                id: checkpoint.id, ports: ports, checkpoints: checkpoints, runner: runner, change: change)
            trial = Trial(
                id: checkpoint.id,
                task: Task { [weak self] in
                    await round.run(checkpoint)
                    self?.end(checkpoint.id)
                })
        }
    }

    private func end(_ id: String) {
        trial.withLock { trial in if trial?.id == id { trial = nil } }
    }

    /// Ends it; the next process of ours goes on.
    func stop() {
        trial.withLock { trial in
            trial?.task.cancel()
            trial = nil
        }
    }
}

/// The probes of one checkpoint.
private struct TrialRound: Sendable {
    let id: String
    let ports: ControllerPorts
    let checkpoints: CheckpointPorts
    let runner: any ProbeRunner
    let change: AsyncStream<Void>.Continuation

    func run(_ checkpoint: Checkpoint) async {
        await withTaskGroup(of: Void.self) { group in
            for probe in checkpoint.waitingProbes { group.addTask { await follow(probe) } }
        }
        guard !Task.isCancelled else { return }
        do {
            guard let now = try await checkpoints.store.checkpoint(id), isOpen(now), now.waitingProbes.isEmpty else {
                return
            }
            try await conclude(now)
        } catch {
            ports.logger.error("what became of the probes can't be recorded", metadata: ["error": "\(error)"])
        }
    }

    /// Runs one probe again and again until it succeeds or the window ends.
    private func follow(_ known: CheckpointProbe) async {
        var known = known
        while !Task.isCancelled {
            let next = ports.uptime.uptime() + TrialProbing.interval
            do {
                guard let checkpoint = try await checkpoints.store.checkpoint(id), isOpen(checkpoint),
                    checkpoint.waitingProbes.contains(where: { $0.probe == known.probe })
                else { return }
                let failure = await runner.failure(of: known.probe)
                guard !Task.isCancelled else { return }
                let result = CheckpointProbe(
                    known.probe, failure == nil ? .good : .waiting, message: failure ?? "")
                if result != known { try await note(result) }
                known = result
                if failure == nil { return }
            } catch {
                ports.logger.error("what became of a probe can't be recorded", metadata: ["error": "\(error)"])
            }
            // Cancelled while it sleeps: the loop ends.
            do { try await ports.uptime.sleep(until: next) } catch { return }
        }
    }

    private func note(_ result: CheckpointProbe) async throws {
        try await checkpoints.store.record(result, of: id, in: .waiting)
        let metadata: Logger.Metadata = ["checkpoint": "\(id)", "probe": "\(result.probe)"]
        if result.state == .good {
            ports.logger.info("a probe succeeded after the change", metadata: metadata)
            change.yield()
        } else {
            ports.logger.notice(
                "a probe fails after the change", metadata: metadata.merging(["error": "\(result.message)"]) { $1 })
        }
    }

    private func isOpen(_ checkpoint: Checkpoint) -> Bool {
        checkpoint.state == .waiting && !checkpoint.isOver(uptime: checkpoints.uptime(), bootID: checkpoints.bootID)
    }

    /// Every probe that counts succeeded: that is enough where nobody can be locked out.
    private func conclude(_ checkpoint: Checkpoint) async throws {
        let names = checkpoint.countedProbes.map { "\($0.probe)" }.joined(separator: ", ")
        guard checkpoint.isConfirmedByProbes else {
            try await ports.inventory.appendEvents([
                Event(
                    at: ports.clock.now(), pass: "", kind: .controller, object: nil,
                    message: "the probes of \(checkpoint.tried) succeeded (\(names)); it may lock somebody out, so it"
                        + " still waits for its confirmation")
            ])
            return
        }
        let author = "its probes (\(names))"
        guard try await checkpoints.store.confirm(id, by: author, despiteProbes: false) else { return }
        try await ports.tellConfirmation(of: checkpoint, by: author)
        change.yield()
    }
}
