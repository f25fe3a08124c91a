import Database
import Glibc
import Model
import Reconciler

/// Waits until a change was confirmed or undone. The row in the database tells, whoever made the change and whether he
/// still lives.
struct ConfirmationWait: Sendable {
    let composition: GatewayComposition

    private static let interval: Duration = .milliseconds(200)
    private static let patience: Duration = .seconds(2)

    /// Does the work of a command, and then waits for the checkpoint that it began.
    ///
    /// - Throws: what the work throws; a daemon that dies after it began a checkpoint is no reason to stop waiting.
    func accompany(_ console: Console, _ work: () async throws -> ExitStatus) async throws -> ExitStatus {
        let before = try await newest(nil)
        let status: ExitStatus
        do {
            status = try await work()
        } catch {
            guard let begun = try? await newest(before), let database = try? composition.openDatabase() else {
                throw error
            }
            console.message("\(error)\nthe change was begun all the same: waiting for what becomes of it")
            return try await tell(settled(begun, in: database, console), .success, console)
        }
        guard let begun = try await newest(before) else { return status }
        return try await tell(settled(begun, in: composition.openDatabase(), console), status, console)
    }

    /// The newest checkpoint unless it is this one; nil also where the database is not ours to read.
    private func newest(_ known: Checkpoint?) async throws -> Checkpoint? {
        guard composition.hasDatabase else { return nil }
        let newest = try await composition.openDatabase().newestCheckpoint()
        return newest?.id == known?.id ? nil : newest
    }

    /// Waits for the end of a checkpoint.
    ///
    /// - Parameter console: gets what becomes of its probes meanwhile; nil: nobody wants to know.
    func settled(
        _ checkpoint: Checkpoint, in database: GatewayDatabase, _ console: Console? = nil
    ) async throws -> Checkpoint? {
        // Whoever goes away leaves the decision to the watchdog.
        for number in [SIGINT, SIGTERM] where composition.isCommand { signal(number, SIG_DFL) }
        var known = checkpoint
        while known.state.isOpen || known.state == .rollingBack {
            try await Task.sleep(for: Self.interval)
            guard let row = try await database.checkpoint(checkpoint.id) else { return nil }
            for probe in row.probes where !known.probes.contains(probe) {
                console?.message("probe \(ProbeText.line(probe))")
            }
            known = row
        }
        if known.state == .confirmed { try await recorded(known, in: database) }
        return known
    }

    /// Waits a moment until whoever confirmed has recorded what follows from it: with a process that ends here, its own
    /// probes would end before they do.
    private func recorded(_ checkpoint: Checkpoint, in database: GatewayDatabase) async throws {
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            guard let newest = try await database.revisions(limit: 1).first, newest.id == checkpoint.tried,
                newest.status == .pending
            else { return }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func tell(_ checkpoint: Checkpoint?, _ status: ExitStatus, _ console: Console) -> ExitStatus {
        guard let checkpoint else {
            console.message("the change was taken down meanwhile: nothing is restored")
            return status
        }
        switch checkpoint.state {
        case .confirmed:
            console.message("confirmed by \(TerminalText.escaped(checkpoint.message)): \(checkpoint.tried) stays")
            return status
        case .failed:
            console.message(
                "NOT CONFIRMED, AND THE RESTORE FAILED: \(TerminalText.escaped(checkpoint.message))\n"
                    + "the host is neither as \(checkpoint.tried) nor as \(checkpoint.confirmed) says;"
                    + " `wirebuddy serve` and the watchdog go on trying")
            return .rolledBack
        case .armed, .waiting, .rollingBack, .rolledBack:
            console.message(
                "not confirmed: \(checkpoint.confirmed) was restored and read back; \(checkpoint.tried) is refused from now"
                    + " on, `wirebuddy rollback \(checkpoint.confirmed.prefix(12))` makes the branch say so")
            return .rolledBack
        }
    }
}

extension GatewayComposition {
    /// Whether this process is a command and not the daemon, whose signals are its own.
    var isCommand: Bool { !CommandLine.arguments.dropFirst().prefix(1).contains("serve") }
}
