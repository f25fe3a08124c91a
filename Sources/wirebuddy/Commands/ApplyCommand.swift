import ArgumentParser
import Logging
import Reconciler

/// `wirebuddy apply`.
struct ApplyCommand: ServedCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Bring the host to the configuration, once, and verify it by reading the host again.",
        discussion: """
            Examples:
              wirebuddy apply
              wirebuddy apply --plan-id 3f2a91c04d1e    only the plan that was reviewed
              wirebuddy apply --adopt wg0               take over an interface that exists
              wirebuddy apply --confirm-within 120s     undo it unless somebody confirms it in time

            Never asks. Ends with 0 when everything was done and read back, with 11 when a rail refused, with 12 when \
            the plan is another one by now, with 14 when only a part was done. With a window it waits for the \
            decision, and ends with 15 when the change was undone. Afterwards the programs of the hooks directory \
            run (/etc/wirebuddy.d).
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var consent: ConsentOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Apply only if the plan is still this one; another one is stale.", valueName: "id"))
    var planID: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Undo the changes unless they are confirmed within this time; 0: keep them (default: reconcile.confirm).",
            valueName: "duration"))
    var confirmWithin: ConfirmationWindow?

    @Flag(name: .long, help: "Show every object, however many there are.")
    var all = false

    func accompany(_ console: Console, _ work: () async throws -> ExitStatus) async throws -> ExitStatus {
        try await ConfirmationWait(composition: GatewayComposition(global)).accompany(console, work)
    }

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let composition = host.composition
        let preflight = Preflight(composition: composition)
        try preflight.canLook()
        try preflight.canStore()
        composition.makeHostKey()
        let gateway = try host.gateway()
        try await preflight.canChange(gateway)
        var options = PassOptions(trigger: "apply")
        consent.add(to: &options)
        options.expectedPlanID = planID
        options.confirmWithin = confirmWithin?.duration
        var report = try await gateway.pass(options, "applying")
        // One document can only tell the end; people are told how to confirm first.
        if global.format == .json, report.hasBegunCheckpoint, let checkpoint = report.checkpoint {
            report.checkpoint = try await ConfirmationWait(composition: composition)
                .settled(checkpoint, in: gateway.database)
        }
        let result = Result { try PassOutput(console, global, all: all).apply(report) }
        // A daemon does it beside its next pass.
        if gateway.live == nil {
            let directory = HookDirectory(composition.settings)
            await HookRunner(directory, logger: composition.logger(default: .notice)).run(HookJob(report))
        }
        return try result.get()
    }
}
