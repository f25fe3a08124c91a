import ArgumentParser
import Database
import Glibc
import Kernel
import Logging
import Reconciler

/// `wirebuddy watchdog`: started by a pass, never by people. It restores the host when nobody confirmed in time.
struct WatchdogCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "watchdog",
        abstract: "Restore the last confirmed revision when nobody confirms a change in time.",
        discussion: "Example: wirebuddy watchdog 5f3a91c0-1700000000",
        shouldDisplay: false)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The checkpoint.")
    var checkpoint: String

    /// How often the row is looked at.
    private static let interval: Duration = .milliseconds(200)
    /// How long a pass may go on after the deadline.
    private static let grace: Duration = .seconds(2)
    /// How often restoring is tried: at once, and then every ten seconds for ten minutes.
    private static let attempts = (quick: 5, all: 65)

    func execute(_ console: Console) async throws -> ExitStatus {
        // The stop of a unit, a terminal that closes and Ctrl-C end others.
        for number in [SIGTERM, SIGHUP, SIGINT] { signal(number, SIG_IGN) }
        let composition = try GatewayComposition(global)
        let logger = composition.logger(default: .notice)
        let gateway = try RunningGateway(composition, logger: logger)
        guard let watched = try await gateway.database.checkpoint(checkpoint) else { return .success }
        guard let lock = try await takeLock(composition) else { return .success }
        defer { lock.release() }
        logger.notice("watching", metadata: ["checkpoint": "\(checkpoint)", "revision": "\(watched.tried)"])
        guard await isOver(watched, gateway, logger) else {
            logger.notice("nothing to restore")
            return .success
        }
        return try await restore(gateway, logger)
    }

    /// Nil when another one watches. One whose checkpoint is settled ends within a moment.
    private func takeLock(_ composition: GatewayComposition) async throws -> HeldLock? {
        let locks = composition.locks(showing: 3)
        for _ in 0..<60 {
            if let lock = try locks.takeWatchdogLock() { return lock }
            try await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    /// Waits for the decision; false: there is nothing to restore. What can't be read is as it was.
    private func isOver(_ watched: Checkpoint, _ gateway: RunningGateway, _ logger: Logger) async -> Bool {
        var known = watched
        while true {
            do {
                guard let row = try await gateway.database.checkpoint(checkpoint) else { return false }
                known = row
            } catch {
                logger.error("the checkpoint can't be read", metadata: ["error": "\(error)"])
            }
            if known.state.isRestoring { return true }
            guard known.state.isOpen else { return false }
            // Whoever starts a watchdog does so in the boot of its checkpoint. A container may show that by two names: what
            // systemd-nspawn puts over boot_id is not seen by a unit that has a /proc of its own.
            if known.isOver(uptime: BootClock.milliseconds, bootID: watched.bootID) { return true }
            try? await Task.sleep(for: Self.interval)
        }
    }

    private func restore(_ gateway: RunningGateway, _ logger: Logger) async throws -> ExitStatus {
        var failure = ""
        for attempt in 0..<Self.attempts.all {
            if attempt > 0 {
                try await Task.sleep(for: attempt < Self.attempts.quick ? .milliseconds(500) : .seconds(10))
            }
            do {
                // The pins first: from here on every pass keeps away from what was tried.
                if try await !gateway.database.beginRollback(checkpoint),
                    try await gateway.database.checkpoint(checkpoint)?.state.isRestoring != true
                {
                    logger.notice("it was confirmed at the last moment")
                    return .success
                }
                _ = try await gateway.locks.endStuckPass(after: Self.grace) { process in
                    logger.warning("a pass does not yield and is ended", metadata: ["process": "\(process)"])
                    await Self.end(process)
                }
                var options = PassOptions(trigger: "rollback", mode: .loop)
                options.isWatchdog = true
                options.waitsForNames = false
                let report = try await gateway.controller.pass(options)
                guard let restoration = report.restoration else { return .success }
                guard let why = restoration.failure else { return .success }
                failure = why
            } catch {
                failure = "\(error)"
            }
            logger.critical("the host could not be restored", metadata: ["error": "\(failure)"])
        }
        try await gateway.database.finish(checkpoint, .failed, message: failure)
        return .error
    }

    /// Off the cooperative pool: it waits for the end.
    private static func end(_ process: Int32) async {
        await withCheckedContinuation { continuation in
            DetachedProgram.end(process) { continuation.resume() }
        }
    }
}
