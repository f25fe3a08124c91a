import ArgumentParser
import Model
import Reconciler
import Repository

/// `wirebuddy wait`.
struct WaitCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait until the gateway has applied a revision, or says why it won't.",
        discussion: """
            Examples:
              wirebuddy wait --revision HEAD
              wirebuddy wait --revision 4f0d2b7 --timeout 5m --against https://gateway.example.com

            A revision that a newer one contains is applied when the newer one is. Ends with 0 when it is applied, with \
            10 when it is not valid, with 11 when a rail refuses it, with 15 when it was rolled back, with 1 when it \
            fails for 10 seconds, with 16 when the time is over.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var remote: AgainstOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A commit, whole or abbreviated; also a branch, a tag or HEAD of the repository at --config.",
            valueName: "revision"))
    var revision: String

    @Option(name: .long, help: ArgumentHelp("How long: 30s, 5m, 1h.", valueName: "duration"))
    var timeout = TimeSpan(seconds: 120)

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let commit = try await commit(composition)
        let gateway: any GatewayConversation
        if let elsewhere = try remote.gateway() {
            gateway = elsewhere
        } else if let daemon = try await DaemonClient.find(composition) {
            gateway = daemon.socket
        } else {
            throw CommandFailure.noDaemon(composition)
        }
        console.message("waiting for \(commit) on \(gateway.name), at most \(timeout.seconds) s")
        let begin = ContinuousClock.now
        let watch = RevisionWatch(gateway: gateway, revision: commit, timeout: .seconds(timeout.seconds))
        let verdict = try await watch.run()
        console.result(
            text: TerminalText.escaped(verdict.text(on: gateway.name)) + "\n",
            json: verdict.json(gateway: gateway.name, waited: ContinuousClock.now - begin))
        return verdict.status
    }

    /// The commit that is meant. One that isn't here yet is taken by its name: the gateway may get it first.
    private func commit(_ composition: GatewayComposition) async throws(CommandFailure) -> String {
        let known = try? await composition.repository.commitName(revision)
        if let known = known ?? nil { return known }
        if revision.wholeMatch(of: /[0-9a-f]{7,64}/) != nil { return revision }
        throw CommandFailure(
            .error,
            "\(composition.settings.config.content) has no revision \(revision): name a commit by 7 or more of its"
                + " characters, or a checkout with --config")
    }
}
