import ArgumentParser
import Gateway
import Model

/// `wirebuddy approve`.
struct ApproveCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Consent to what a rail refuses, by a document of the repository.",
        discussion: """
            Example: wirebuddy approve 3f9a1c07be52 --for 1d --reason "the provider blocks 51820"

            It writes approvals/<name>.yaml, also on top of a revision that a rail refuses. The daemon applies what is \
            approved with its next pass. Digests of refusals approve exactly what is refused, those of changes one \
            change each; both stand in the plan and in its JSON.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("Digests of refusals or changes, as the plan shows them.", valueName: "digest"))
    var digests: [String]

    @Option(name: .customLong("for"), help: ArgumentHelp("How long it counts: 12h, 1d.", valueName: "duration"))
    var duration: TimeSpan

    @Option(name: .long, help: ArgumentHelp("Why, for those who read the repository.", valueName: "text"))
    var reason: String

    var cutsPeersOff: Bool { false }

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent {
        let now = session.composition.clock.now()
        return .approve(digests, reason: reason, expires: now.advanced(bySeconds: duration.seconds), at: now)
    }
}
