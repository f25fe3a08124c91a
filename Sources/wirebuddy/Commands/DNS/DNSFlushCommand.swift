import ArgumentParser
import Gateway
import Model
import Reconciler

/// `wirebuddy dns flush`.
struct DNSFlushCommand: ServedCommand {
    static let configuration = CommandConfiguration(
        commandName: "flush",
        abstract: "Empty the cache of the forwarder, or its query log.",
        discussion: """
            Examples:
              wirebuddy dns flush
              wirebuddy dns flush --queries
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(name: .long, help: "Delete the query log and its statistics instead; that can't be taken back.")
    var queries = false

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let dns = try host.dns()
        var answers: Int?
        if queries { try await dns.deleteQueries() } else { answers = await dns.flush() }
        console.result(
            text: answers.map { "\(Counting.grouped($0)) \($0 == 1 ? "answer is" : "answers are") gone\n" }
                ?? "the query log is empty\n",
            json: .object([
                ("document", .string("dns-flush")), ("exit_code", .number(0)),
                ("flushed", .string(queries ? "queries" : "cache")),
                ("answers", answers.map(JSONValue.number) ?? .null),
            ]))
        return .success
    }
}
