import ArgumentParser
import DNSForwarder
import DNSPolicy
import Gateway
import Model
import Reconciler

/// `wirebuddy dns queries`.
struct DNSQueriesCommand: ServedCommand {
    static let configuration = CommandConfiguration(
        commandName: "queries",
        abstract: "List the queries that were answered, the newest first.",
        discussion: """
            Examples:
              wirebuddy dns queries
              wirebuddy dns queries --client johns-iphone --blocked
              wirebuddy dns queries --domain example.com --since 1h --limit 500 --format json

            The daemon keeps the log, as long as query_log of DNSSettings says.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(name: .long, help: "Only of this peer: its name, DNS label, interface/name or id, or an address of it.")
    var client: String?

    @Option(name: .long, help: "Only this name and those below it.")
    var domain: String?

    @Flag(name: .long, help: "Only queries that were blocked.")
    var blocked = false

    @Option(
        name: .long, help: ArgumentHelp("Only of so long ago: 30s, 5m, 12h, 30d.", valueName: "duration"))
    var since: TimeSpan?

    @Option(name: .long, help: "At most so many.")
    var limit = 50

    /// The most rows of one look at the log.
    private static let page = 100

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 10000") }
    }

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let dns = try host.dns()
        var filter = QueryLogFilter()
        if let client {
            filter.client = PeerSelector(client).loggedClient(in: try await host.session().store.snapshot().tree)
        }
        filter.domain = try domain.map(name)
        filter.status = blocked ? .blocked : nil
        filter.from = since.map { host.composition.clock.now().advanced(bySeconds: -$0.seconds) }
        var entries: [QueryLogPage.Entry] = []
        var isMinimum = false
        var total = 0
        repeat {
            let page = try await dns.queries(filter, limit: min(Self.page, limit - entries.count), offset: 0)
            if filter.before == nil { (total, isMinimum) = (page.total, page.totalIsMinimum) }
            guard let last = page.entries.last else { break }
            entries += page.entries
            filter.before = last.id
        } while entries.count < limit
        console.result(
            text: text(entries, console.style),
            json: .object([
                ("document", .string("dns-queries")), ("exit_code", .number(0)), ("total", .number(total)),
                ("total_is_minimum", .boolean(isMinimum)), ("queries", .array(entries.map { $0.row.json })),
            ]))
        return .success
    }

    /// The name as the log has it.
    private func name(_ text: String) throws -> String {
        do {
            return "\(try DomainName(text: text))"
        } catch {
            throw CommandFailure(.usage, "--domain \(text) is not a domain name: \(error)")
        }
    }

    private func text(_ entries: [QueryLogPage.Entry], _ style: TextStyle) -> String {
        guard !entries.isEmpty else { return "no queries\n" }
        var table = TextTable(["TIME", "CLIENT", "TYPE", "NAME", "STATUS", "WHY", "MS"])
        for row in entries.lazy.map(\.row) {
            table.append([
                "\(row.time)", row.client.isEmpty ? "-" : row.client, "\(RecordType(rawValue: row.type))", row.domain,
                row.status == .blocked ? "blocked" : "\(ResponseCode(rawValue: row.responseCode))", why(row),
                row.millisecondsText,
            ])
        }
        return table.render(style)
    }

    private func why(_ row: QueryLogRow) -> String {
        if let rule = row.rule { return row.source.map { "\($0): \(rule)" } ?? rule }
        return row.upstream ?? row.origin.rawValue
    }
}

extension QueryLogRow {
    /// Milliseconds with one decimal.
    fileprivate var millisecondsText: String { "\(microseconds / 1000).\(microseconds % 1000 / 100)" }

    fileprivate var json: JSONValue {
        .object([
            ("time", .string("\(time)")), ("client", .optional(client.isEmpty ? nil : client)),
            ("client_ip", .optional(client.isEmpty ? nil : "\(address)")), ("domain", .string(domain)),
            ("type", .string("\(RecordType(rawValue: type))")), ("status", .string(status.rawValue)),
            ("reason", .string(reason.rawValue)), ("origin", .string(origin.rawValue)), ("rule", .optional(rule)),
            ("source", .optional(source)), ("list", .optional(list)),
            ("rcode", .string("\(ResponseCode(rawValue: responseCode))")), ("upstream", .optional(upstream)),
            ("duration_ms", .decimal(units: Int64(microseconds), places: 3)),
        ])
    }
}
