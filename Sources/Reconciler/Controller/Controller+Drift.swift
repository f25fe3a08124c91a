import Logging
import Model

/// The history of drift: what a pass saw of it, written only where it is new, ended or has stood for a while.
extension Controller {
    func recordDrift(
        _ report: inout PassReport, _ snapshot: InventorySnapshot, _ options: PassOptions, _ logger: Logger
    ) async {
        // A plan of revocations only, of another revision than was reviewed or of a teardown does not show all drift.
        guard options.scope == .everything, !report.isStale, report.inForce != nil,
            options.mode == .loop || report.revisionFailure == nil
        else { return }
        var (update, fresh) = DriftSighting(
            report: report, standing: snapshot.standingDrift, digest: ports.digest,
            healing: options.mode == .loop ? .loop : .apply
        ).update()
        guard !update.isEmpty else { return }
        let writers = fresh.isEmpty ? [:] : ports.clues?.writers(of: fresh, in: report.observed) ?? [:]
        for index in update.seen.indices {
            let object = update.seen[index].object
            update.seen[index].writer = writers[object] ?? flaps.likelyWriter(of: object)
        }
        do {
            try await ports.inventory.recordDrift(update)
        } catch {
            report.storeFailure = report.storeFailure ?? "the state database can't be written: \(error)"
            logger.error("the history of drift can't be written", metadata: ["error": "\(error)"])
        }
    }
}
