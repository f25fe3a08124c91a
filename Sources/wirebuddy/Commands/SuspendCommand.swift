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

            An explicit apply still works. End it with wirebuddy resume.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long: 30s, 5m, 12h, 30d (default: until resume).", valueName: "duration"))
    var duration: TimeSpan?

    @Argument(help: "Why, for those who find it suspended.")
    var reason: [String] = []

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let composition = host.composition
        let database = try host.gateway().database
        let until = duration.map { composition.clock.now().advanced(bySeconds: $0.seconds) }
        let words = reason.joined(separator: " ")
        let suspension = Suspension(
            reason: words.isEmpty ? "by \(host.author.name)" : "\(words) (\(host.author.name))", until: until)
        try await database.setSuspension(suspension)
        console.result(
            text: "suspended\(until.map { " until \($0)" } ?? " until `wirebuddy resume`"): \(suspension.reason)\n",
            json: .object([
                ("document", .string("suspension")), ("suspended", .boolean(true)),
                ("reason", .string(suspension.reason)), ("until", .optional(until?.description)),
            ]))
        return .success
    }
}
