import ArgumentParser
import Reconciler
import Repository

/// `wirebuddy plan`.
struct PlanCommand: ServedCommand, ReportCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show what apply would change, without changing anything.",
        discussion: """
            Examples:
              wirebuddy plan
              wirebuddy plan --worktree --all     with uncommitted edits, and every peer
              wirebuddy plan --format markdown    as a comment on a pull request
              wirebuddy plan --base origin/main --config .
                                                  what this checkout changes, without any gateway
              wirebuddy plan --against https://gateway.example.com --token-file token --config .
                                                  what this checkout would change on that gateway

            Ends with 0 when there is nothing to change, with 2 when there is, with 10 when the configuration is not \
            valid, with 11 when apply would be refused.
            """)

    @OptionGroup var host: HostOptions
    @OptionGroup var consent: ConsentOptions
    @OptionGroup var remote: AgainstOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Plan against this revision of the checkout instead of a host: no root, no state, no network.",
            valueName: "revision"))
    var base: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --base or --against: the revision to plan (default: HEAD of the checkout).", valueName: "revision"))
    var head: String?

    @Flag(name: .long, help: "Plan the files as they are now, uncommitted edits included.")
    var worktree = false

    @Option(name: .long, help: "The format of the report.")
    var format = ReportFormat.text

    @Flag(name: .long, help: "Show every object, however many there are.")
    var all = false

    /// What a checkout says needs no daemon.
    var isServed: Bool { base == nil && remote.against == nil }

    func validate() throws {
        if base != nil, remote.against != nil { throw ValidationError("Give either --base or --against.") }
        if head != nil, base == nil, remote.against == nil {
            throw ValidationError("--head needs --base or --against.")
        }
        if worktree, base != nil { throw ValidationError("--base plans commits: commit the files, or leave it out.") }
        if worktree, head != nil { throw ValidationError("Give either --head or --worktree.") }
        if remote.against != nil, !consent.adopt.isEmpty || !consent.approve.isEmpty {
            throw ValidationError("Consents are given to the gateway itself, not with --against.")
        }
    }

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let composition = host.composition
        if let gateway = try remote.gateway() {
            let plan = RemotePlan(
                gateway: gateway, repository: composition.repository, now: composition.clock.now())
            return try await plan.show(worktree ? nil : head ?? "HEAD", all: all, on: console)
        }
        if let base {
            var options = PassOptions(trigger: "plan")
            consent.add(to: &options)
            let report = try await BasePlan(composition: composition, base: base, head: head ?? "HEAD").report(options)
            return try PassOutput(console, global, all: all).preview(report, placesBelow: placesBelow)
        }
        try Preflight(composition: composition).canLook()
        let gateway = try host.gateway()
        var options = PassOptions(trigger: "plan")
        consent.add(to: &options)
        if worktree { options.source = gateway.repository.worktree }
        let report = try await gateway.preview(options)
        return try PassOutput(console, global, all: all).preview(report, placesBelow: placesBelow)
    }
}
