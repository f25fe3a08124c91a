import ArgumentParser
import Database
import Gateway
import Model
import Reconciler

/// `wirebuddy suspend`.
struct SuspendCommand: ServedCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        abstract: "Keep the loop from changing anything; revocations run all the same.",
        discussion: """
            Example: wirebuddy suspend --for 1h "the provider moves the uplink"

            It ends by itself, after 30 days at the latest; wirebuddy resume ends it before. An explicit apply still \
            works.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long: 30s, 5m, 12h, at most 30d (required).", valueName: "duration"))
    var duration: TimeSpan?

    @Argument(help: "Why, for those who find it suspended (required).")
    var reason: [String] = []

    private var words: String { reason.joined(separator: " ") }

    func validate() throws { _ = try span() }

    /// How long, where it is said, and why.
    private func span() throws -> TimeSpan {
        let example = "wirebuddy suspend --for 1h \"the provider moves the uplink\""
        guard let duration, !words.isEmpty else {
            let missing = duration == nil ? words.isEmpty ? "--for and a reason" : "--for" : "a reason"
            throw ValidationError("\(missing) must be given: \(example)")
        }
        guard duration.seconds <= Suspension.longest else {
            throw ValidationError("--for must be at most 30d: \(example)")
        }
        guard Suspension.isReason(words) else {
            throw ValidationError("the reason must be one line of at most 256 characters: \(example)")
        }
        return duration
    }

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let composition = host.composition
        let database = try host.gateway().database
        let until = composition.clock.now().advanced(bySeconds: try span().seconds)
        let suspension = Suspension(reason: "\(words) (\(host.author.name))", until: until)
        try await database.setSuspension(suspension)
        console.result(
            text: "suspended until \(until): \(suspension.reason)\n",
            json: .object([
                ("document", .string("suspension")), ("suspended", .boolean(true)),
                ("reason", .string(suspension.reason)), ("until", .string("\(until)")),
            ]))
        return .success
    }
}
