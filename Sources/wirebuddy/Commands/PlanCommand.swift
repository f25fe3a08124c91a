import ArgumentParser
import Reconciler
import Repository

/// `wirebuddy plan`.
struct PlanCommand: ServedCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what apply would change, without changing anything.",
        discussion: """
            Examples:
              wirebuddy plan
              wirebuddy plan --worktree --all     with uncommitted edits, and every peer

            Ends with 0 when there is nothing to change, with 2 when there is, with 11 when apply would be refused.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var consent: ConsentOptions

    @Flag(name: .long, help: "Plan the files as they are now, uncommitted edits included.")
    var worktree = false

    @Flag(name: .long, help: "Show every object, however many there are.")
    var all = false

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let composition = host.composition
        try Preflight(composition: composition).canLook()
        let gateway = try host.gateway()
        var options = PassOptions(trigger: "plan")
        consent.add(to: &options)
        if worktree { options.source = gateway.repository.worktree }
        let report = try await gateway.preview(options)
        return try PassOutput(console, global, all: all).preview(report)
    }
}
