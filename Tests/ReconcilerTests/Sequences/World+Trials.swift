import Model
import Synchronization

@testable import Reconciler

/// Changes on trial.
extension World {
    private var trial: Checkpoint? {
        gateway.inventory.current.checkpoint.flatMap { $0.state.isOpen ? $0 : nil }
    }

    /// What becomes of a change that has to be confirmed.
    func judge(_ step: Step) async throws {
        switch step.verb {
        case .tryHead:
            var options = try await consentsIfReadable()
            options.confirmWithin = .seconds(60)
            await pass(options)
        case .confirmTrial: await confirm()
        case .endTrial:
            gateway.clock.advance(by: .seconds(61))
            await watch()
        default: checkpoints.state.withLock { $0.isWatching = false }
        }
    }

    /// Somebody confirms what is on trial, and the watchdog ends.
    private func confirm() async {
        guard let trial else { return }
        do {
            let isConfirmed = try await checkpoints.confirm(trial.id, by: "root")
            note(isConfirmed ? "\(trial.tried) is confirmed" : "\(trial.tried) can't be confirmed")
            if isConfirmed { checkpoints.state.withLock { $0.isWatching = false } }
        } catch {
            note("\(trial.tried) can't be confirmed: \(error)")
        }
    }

    /// The watchdog does its work, if it lives, and ends.
    private func watch() async {
        guard checkpoints.state.withLock({ $0.isWatching }) else { return }
        var options = PassOptions(trigger: "rollback", mode: .loop)
        options.isWatchdog = true
        let daemon = controller
        controller = Self.start(gateway, checkpoints)
        await pass(options)
        controller = daemon
        checkpoints.state.withLock { $0.isWatching = false }
    }

    /// Nothing is on trial any more: it was confirmed, or it is undone by the next pass.
    func endTrial() async {
        if revision % 2 == 0 { await confirm() }
        checkpoints.state.withLock { $0.isWatching = false }
        guard let row = gateway.inventory.current.checkpoint, row.state.isOpen || row.state.isRestoring else { return }
        gateway.clock.advance(by: .seconds(601))
        await pass(.loop)
    }
}
