import Logging
import Model

/// Probes: what has to answer after a change on trial.
extension Controller {
    /// Runs the probes of both revisions once, before anything is changed: what fails already is not the change's fault.
    func baseline(_ tried: Catalog, _ confirmed: Catalog, _ run: PassRun) async throws -> [CheckpointProbe] {
        let probes = tried.settings.probes.joined(by: confirmed.settings.probes)
        guard let runner = ports.checkpoints?.probes, !probes.isEmpty else { return [] }
        let failures = await runner.failures(of: probes)
        ports.progress.mark()
        let results = zip(probes, failures).map { probe, failure in
            CheckpointProbe(probe, failure == nil ? .waiting : .notCounted, message: failure ?? "")
        }
        let out = results.filter { $0.state == .notCounted }
        guard !out.isEmpty else { return results }
        for probe in out {
            run.logger.warning(
                "a probe fails before the change and does not count",
                metadata: ["probe": "\(probe.probe)", "error": "\(probe.message)"])
        }
        try await ports.inventory.appendEvents([
            Event(
                at: ports.clock.now(), pass: run.id, kind: .controller, object: nil,
                message: "probes that fail before the change do not count: "
                    + out.map(\.description).joined(separator: "; "))
        ])
        return results
    }

    /// What follows a pass, outside of its lock: probes of a change that was just made or is still on trial, and once more
    /// those of one that was undone.
    func probe(after report: inout PassReport) async {
        if let checkpoint = report.checkpoint { probing.follow(checkpoint) }
        guard let restoration = report.restoration, restoration.failure == nil, let runner = ports.checkpoints?.probes,
            let checkpoint = restoration.checkpoint, !checkpoint.countedProbes.isEmpty
        else { return }
        let probes = checkpoint.countedProbes.map(\.probe)
        let failures = await runner.failures(of: probes)
        let results = zip(probes, failures).map { CheckpointProbe($0, $1 == nil ? .good : .failing, message: $1 ?? "") }
        let failing = results.filter { $0.state == .failing }
        report.restoration?.failingProbes = failing
        do {
            for result in results {
                try await ports.checkpoints?.store.record(result, of: checkpoint.id, in: .rolledBack)
            }
            let names = (failing.isEmpty ? results : failing).map(\.description).joined(separator: "; ")
            try await ports.inventory.appendEvents([
                Event(
                    at: ports.clock.now(), pass: report.pass, kind: .controller, object: nil,
                    message: failing.isEmpty
                        ? "after \(checkpoint.confirmed) was restored its probes succeed: \(names)"
                        : "\(checkpoint.confirmed) was restored, and probes still fail: \(names)")
            ])
        } catch {
            ports.logger.error("the state database can't be written", metadata: ["error": "\(error)"])
        }
    }
}
