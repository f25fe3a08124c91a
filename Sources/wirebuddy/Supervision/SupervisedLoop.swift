import Model
import Reconciler
import ServiceLifecycle
import Synchronization

/// Tells the service manager how the loop fares: ready after the first pass and after a reload, a status line, the end,
/// and signs of life that only a loop which gets on gives.
final class SupervisedLoop: ServiceLifecycle.Service {
    private struct Told {
        var isReady = false
        /// The passes that had begun when a reload was asked for; nil: none is under way.
        var reloadAfter: Int?
        var status = ""
    }

    private let supervisor: Supervisor
    private let told = Mutex(Told())

    init(_ supervisor: Supervisor) {
        self.supervisor = supervisor
    }

    /// A reload was asked for, when so many passes had begun.
    func reloads(passesBegun: Int) {
        told.withLock { $0.reloadAfter = passesBegun }
        supervisor.isReloading()
    }

    /// A pass ended.
    func note(_ report: PassReport) {
        let status = ServeJournal.trouble(report) ?? Self.summary(report)
        let (isReady, isNew) = told.withLock { told in
            let isReloaded = told.reloadAfter.map { report.number > $0 } ?? false
            defer {
                told.isReady = true
                if isReloaded { told.reloadAfter = nil }
                told.status = status
            }
            return (!told.isReady || isReloaded, told.status != status)
        }
        if isNew { supervisor.status(status) }
        if isReady { supervisor.isReady() }
    }

    private static func summary(_ report: PassReport) -> String {
        guard let revision = report.inForce else { return "no revision is in force" }
        let peers = report.observed.devices.values.map(\.peers.count).reduce(0, +)
        let interfaces = report.observed.devices.count
        let counted = { (count: Int, word: String) in "\(count) \(word)\(count == 1 ? "" : "s")" }
        return "revision \(revision.prefix(12)) is in force; \(counted(interfaces, "interface")),"
            + " \(counted(peers, "peer"))"
    }

    /// Tells the end when it begins.
    func run() async throws {
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        await withGracefulShutdownHandler {
            for await _ in ends {}
        } onGracefulShutdown: {
            self.supervisor.isStopping()
            end.finish()
        }
    }

    /// Gives signs of life at half the time of the watchdog (sd_watchdog_enabled(3)) until it is cancelled. A sign follows
    /// only when the loop made a turn or a step since the last one was due.
    func giveSigns(of reconciliation: LiveReconciliation) async {
        guard let watchdog = supervisor.watchdog else { return }
        var seen = reconciliation.progress
        supervisor.ping()
        while !Task.isCancelled {
            do { try await Task.sleep(for: watchdog / 2) } catch { return }
            let progress = reconciliation.progress
            if progress != seen { supervisor.ping() }
            seen = progress
            reconciliation.nudge()
        }
    }
}
