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
struct RollbackCommand: GatewayCommand {
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

    func execute(_ console: Console) async throws -> ExitStatus {
        let session = try GatewaySession(global)
        let rollback: Rollback
        do {
            rollback = try await session.repository.rollback(to: revision, now: session.composition.clock.now())
        } catch {
            throw CommandFailure(error)
        }
        do {
            if dryRun { return try await show(rollback, session, console) }
            return try await commit(rollback, session, console)
        } catch let failure as GatewayFailure {
            throw CommandFailure(failure)
        }
    }

    private func show(
        _ rollback: Rollback, _ session: GatewaySession, _ console: Console
    ) async throws -> ExitStatus {
        let snapshot = try await session.store.snapshot()
        var output = RollbackOutput(rollback, isDryRun: true, digest: session.composition.digest, global: global)
        guard let change = try rollback.change(on: snapshot.tree) else {
            console.result(text: output.text(console.style), json: output.json)
            return .success
        }
        output.change = change
        let finding = try await check(rollback, session, isDryRun: true)(snapshot.tree, rollback.candidate)
        output.notes = finding.notes
        output.plan = finding.report
        output.status = finding.report?.exitCode ?? .success
        console.result(text: output.text(console.style), json: output.json)
        return output.status
    }

    private func commit(
        _ rollback: Rollback, _ session: GatewaySession, _ console: Console
    ) async throws -> ExitStatus {
        var output = RollbackOutput(rollback, isDryRun: false, digest: session.composition.digest, global: global)
        let made = RollbackWrite()
        let check = check(rollback, session, isDryRun: false)
        let author = GatewaySession.author
        var request = WriteRequest(
            author: CommitAuthor(name: author.name, email: author.email),
            trailers: [
                CommitTrailer("Request-Id", UUID().uuidString.lowercased()), CommitTrailer("Via", "cli"),
                rollback.trailer,
            ],
            now: session.composition.clock.now(),
            check: { candidate in
                guard let tree = made.tree else { return }
                made.note(try await check(tree, candidate))
            },
            intent: { tree in
                let change = try rollback.change(on: tree)
                made.run(tree, change)
                return change
            })
        request.mayRepair = true
        let receipt: WriteReceipt
        do throws(WriteFailure) {
            receipt = try await session.repository.write(request)
        } catch {
            throw GatewayFailure(error)
        }
        await session.repository.close()
        if !receipt.isUnchanged {
            output.change = made.change
            output.revision = receipt.revision
            output.notes = made.notes
            if case .ahead(let count) = receipt.remote { output.ahead = count }
        }
        try await apply(session, &output)
        console.result(text: output.text(console.style), json: output.json)
        return output.status
    }

    /// Plan and rails against the tree of the rollback, and the peers that need their own approval.
    private func check(
        _ rollback: Rollback, _ session: GatewaySession, isDryRun: Bool
    ) -> @Sendable (ManifestTree, DesiredRevision) async throws(GatewayFailure) -> WriteCheck.Finding {
        let approvals = Set(approve)
        let digest = session.composition.digest
        let writeCheck = session.store.check
        let revoked = rollback.restored.map { ($0, digest.digest($0.canonicalForm.bytes).short) }
            .filter { !approvals.contains($0.1) }
        return { (base, candidate) async throws(GatewayFailure) in
            guard revoked.isEmpty else {
                throw .refusedByRail(
                    revoked.map { peer, digest in
                        RefusedRail(
                            rail: "revoked-peer",
                            message: "peer \(peer.interface)/\(peer.name) \(peer.reason):"
                                + " the rollback would let it in again",
                            digest: digest)
                    })
            }
            return try await writeCheck.run(
                candidate, base: base, consent: DeleteConsent(), approvals: approvals, isRevocation: false,
                isDryRun: isDryRun)
        }
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
        guard !noApply, output.revision != nil else { return }
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

extension Rollback {
    /// What a plan is made of before there is a commit.
    fileprivate var candidate: DesiredRevision {
        DesiredRevision(id: "dry-run", catalog: catalog, origin: "dry run")
    }
}

extension CommandFailure {
    /// A rollback that can't be made.
    init(_ failure: RollbackFailure) {
        switch failure {
        case .unknown(let why), .unreadable(let why): self.init(.error, "\(why); nothing was changed")
        case .invalid(let revision, let problems):
            self.init(
                .invalid, "revision \(revision.prefix(12)) is not valid; nothing was changed", details: problems)
        }
    }
}
