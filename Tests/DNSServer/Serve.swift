public import ArgumentParser
import DNSForwarder
import Dispatch
public import Model

/// The forwarder on 127.0.0.1, which one peer asks: whoever sends over `lo`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve DNS on 127.0.0.1.",
        discussion: """
            Prints "ready MILLISECONDS", since it began. Lines on standard input do something, and each \
            is answered by a line of JSON when it is done: "block NAME" adds a rule, "refresh" reads the list again, \
            "counters" counts. Their end ends the program.
            """)

    @Option(help: "The port on 127.0.0.1.")
    var port: UInt16

    @Option(help: "The file with the list.")
    var list: String

    @Option(help: "How the list is written.")
    var format: Blocklist.Format = .wildcardDomains

    @Option(help: "The directory for the compiled list.")
    var state: String

    @Option(help: "Who knows all other names.")
    var upstream: DNSUpstream

    @Option(help: "The directory for the query log; none is kept without.")
    var log: String?

    func run() async throws {
        let start = ContinuousClock.now
        let service = try await Service(self, start: start)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await service.run() }
            tasks.addTask {
                Output.line("ready \(try await service.ready())")
                for await line in Self.lines() { Output.line(try await service.obey(line)) }
            }
            // The end of the lines ends the program, and so does a failure.
            for try await _ in tasks { break }
            tasks.cancelAll()
        }
    }

    /// The lines of standard input, read where waiting disturbs nobody.
    private static func lines() -> AsyncStream<String> {
        let (lines, continuation) = AsyncStream<String>.makeStream()
        DispatchQueue(label: "standard input").async {
            while let line = readLine() { continuation.yield(line) }
            continuation.finish()
        }
        return lines
    }
}

extension Blocklist.Format: ExpressibleByArgument {}

extension DNSUpstream: ExpressibleByArgument {
    /// An upstream as the settings write it.
    public init?(argument: String) { self.init(argument) }
}
