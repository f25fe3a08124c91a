import ArgumentParser
import Credentials
import Database
import FoundationEssentials
import Gateway
import Manifest
import Model
import Reconciler
import Repository

/// `wirebuddy rollback`.
struct RollbackCommand: ServedCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Make a commit that restores the files of an earlier revision, and apply it.",
        discussion: """
            Examples:
              wirebuddy log
              wirebuddy rollback 1a2b3c4d5e6f --dry-run
              wirebuddy rollback 1a2b3c4d5e6f

            Planned and checked by rails like any other change; nothing of the history is lost. All files come back as \
            they were except hidden ones (.gitignore, .github). A peer that was disabled, has expired or was removed \
            by name since then stays out: the rollback is refused with 11 until that peer is approved, too. A running \
            daemon applies the commit, otherwise this command does.
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(name: .long, help: "Show the files and the plan; change nothing.")
    var dryRun = false

    @Flag(name: .long, help: "Only make the commit, where no daemon runs.")
    var noApply = false

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Approve what a rail refuses, by the digest that was shown. Repeatable.", valueName: "digest"))
    var approve: [String] = []

    @Argument(help: ArgumentHelp("The revision, as wirebuddy log shows it.", valueName: "rev"))
    var revision: String

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let session = try host.session()
        let request = RollbackRequest(
            revision, author: host.author, via: "cli", requestID: UUID().uuidString.lowercased(),
            approvals: Set(approve), isDryRun: dryRun)
        let result: RollbackResult
        do throws(GatewayFailure) {
            result = try await session.history.rollBack(request)
        } catch {
            throw CommandFailure(error)
        }
        await session.end()
        var output = RollbackOutput(result, isDryRun: dryRun, global: global)
        if dryRun {
            output.status = result.plan?.exitCode ?? .success
        } else {
            try await apply(session, &output)
        }
        console.result(text: output.text(console.style), json: output.json)
        return output.status
    }

    /// Applies the head where no daemon does.
    private func apply(_ session: GatewaySession, _ output: inout RollbackOutput) async throws {
        guard let gateway = session.gateway else {
            output.state = .unknown
            return
        }
        if (try? gateway.locks.daemonHolder()) ?? nil != nil {
            output.state = .daemon
            return
        }
        guard !noApply, output.result.revision != nil else { return }
        let preflight = Preflight(composition: session.composition)
        try preflight.canLook()
        try preflight.canStore()
        try await preflight.canChange(gateway)
        var options = PassOptions(trigger: "rollback")
        options.approvals = Set(approve)
        let report = try await gateway.pass(options, "applying")
        output.state = .applied
        output.pass = report
        output.status = report.exitCode
    }
}
