import Model

extension ControllerPorts {
    /// What follows a confirmation: it is told, and the revision counts as applied.
    ///
    /// - Throws: when the inventory can't be written; the confirmation stands.
    public func tellConfirmation(of checkpoint: Checkpoint, by author: String) async throws {
        let now = clock.now()
        try await inventory.appendEvents([
            Event(
                at: now, pass: "", kind: .controller, object: nil,
                message: "\(checkpoint.tried) was confirmed by \(author)")
        ])
        if try await inventory.revisions(limit: 1).first?.id == checkpoint.tried {
            try await inventory.recordRevision(
                RevisionRecord(id: checkpoint.tried, status: .applied, message: "", at: now))
        }
    }

    /// Runs the probes that wait once more, for somebody who wants to confirm now.
    ///
    /// - Returns: the checkpoint with what came of it; nil when it was forgotten.
    public func tryProbes(of checkpoint: Checkpoint) async throws -> Checkpoint? {
        guard let checkpoints, let runner = checkpoints.probes, checkpoint.state == .waiting,
            !checkpoint.waitingProbes.isEmpty
        else { return checkpoint }
        let probes = checkpoint.waitingProbes.map(\.probe)
        for (probe, failure) in zip(probes, await runner.failures(of: probes)) {
            let result = CheckpointProbe(probe, failure == nil ? .good : .waiting, message: failure ?? "")
            try await checkpoints.store.record(result, of: checkpoint.id, in: .waiting)
        }
        return try await checkpoints.store.checkpoint(checkpoint.id)
    }
}
