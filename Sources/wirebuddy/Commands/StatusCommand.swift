import ArgumentParser
import Database
import Model
import Reconciler
import Repository

/// `wirebuddy status`.
struct StatusCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the gateway: revision, conditions, interfaces and sessions.",
        discussion: """
            Example: wirebuddy status --all

            Ends as plan does: 0 in sync, 2 when something differs, 10 when the configuration is not valid.
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(name: .long, help: "Show every peer and condition, however many there are.")
    var all = false

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        try composition.require([composition.checks.networkRights()])
        let gateway = try RunningGateway(composition, logger: composition.logger())
        let pass = try await gateway.preview(PassOptions(trigger: "status"))
        let report = try await report(pass, gateway)
        console.result(
            text: StatusText(report, style: console.style, limit: all ? nil : 20).render(),
            json: StatusJSON(report).value)
        return report.exitCode
    }

    private func report(_ pass: PassReport, _ gateway: RunningGateway) async throws -> StatusReport {
        let composition = gateway.composition
        let inventory = try await gateway.database.snapshot()
        var report = StatusReport(
            at: composition.clock.now(), config: composition.settings.config.content,
            state: composition.settings.state.content)
        report.exitCode = pass.exitCode
        let worktree = try? await gateway.repository.worktreeStatus()
        report.head = pass.revision.map {
            StatusReport.Head(
                id: $0.id, origin: $0.origin, edited: worktree?.edited ?? [], notes: worktree?.notes ?? [])
        }
        report.remote = await gateway.repository.remoteStatus().map { remote in
            StatusReport.Remote(
                name: remote.remote, state: remote.state.rawValue, ahead: remote.ahead, behind: remote.behind,
                since: remote.since, reason: remote.reason, checked: remote.checked)
        }
        switch pass.revisionFailure {
        case .unreadable(let why): report.headProblems = [why]
        case .invalid(let revision, let problems):
            report.headProblems = ["revision \(revision) is not valid"] + problems
        case nil: break
        }
        report.lastApplied = inventory.lastApplied
        report.lastAttempted = try await gateway.database.revisions(limit: 1).first
        report.lastPass = inventory.lastPass
        report.daemon = try? gateway.locks.daemonHolder()
        report.suspension = pass.suspension
        report.revocations = inventory.revocations.filter { $0.until > report.at }
        report.conditions = inventory.conditions
        report.events = try await gateway.database.events(limit: all ? 100 : 20)
        let peers = (try? await gateway.repository.read(now: report.at))?.catalog.peers ?? []
        let names = Dictionary(grouping: peers, by: \.interface).mapValues { peers in
            Dictionary(peers.map { ($0.publicKey, $0.name) }, uniquingKeysWith: { first, _ in first })
        }
        let ids = Dictionary(grouping: pass.peers, by: \.key.interface).mapValues { peers in
            Dictionary(peers.map { ($0.key.publicKey, $0.value.id) }, uniquingKeysWith: { first, _ in first })
        }
        report.interfaces = inventory.interfaces.keys.sorted().map {
            InterfaceStatus($0, observed: pass.observed, names: names[$0] ?? [:], ids: ids[$0] ?? [:])
        }
        return report
    }
}
