import ArgumentParser
import Credentials
import Model
import Reconciler
import Repository

/// `wirebuddy access test`.
struct AccessTestCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Check what peers may reach against a table of expectations.",
        discussion: """
            Example: wirebuddy access test access/expectations.txt --config .

            A line of the table is FROM TO SERVICE -> allow | deny [by DOCUMENT]:

              bob-laptop       10.8.0.7        tcp/443  -> allow
              "John's iPhone"  wg0/nas         icmp     -> deny
              *                192.168.50.10   tcp/22   -> deny by servers
              203.0.113.9      gateway         tcp/8443 -> allow

            FROM is a peer, an address, or * for every peer; TO is a peer, an address, or gateway; # begins a comment. Every \
            address of a peer has to be met. Ends with 0 when all expectations are met, and with 1 when one is not.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: HeadOption

    @Argument(help: ArgumentHelp("The table.", valueName: "file"))
    var file: String

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let table = try table()
        let declared = try await DeclaredCatalog.load(composition, head: options.head)
        let judge = AccessJudge(declared.catalog, digest: BLAKE2b256())
        let failures = judge.failures(of: table, at: composition.clock.now())
        let status: ExitStatus = failures.isEmpty ? .success : .error
        console.result(
            text: text(table, failures, console.style), json: json(table, failures, declared.revision, status))
        return status
    }

    private func table() throws -> AccessExpectationTable {
        let text = try TableFile.text(file)
        do {
            return try AccessExpectationTable(text)
        } catch {
            throw TableFile.failure(file, error.faults.map { ($0.line, $0.reason) })
        }
    }

    private func text(
        _ table: AccessExpectationTable, _ failures: [AccessExpectationFailure], _ style: TextStyle
    ) -> String {
        let lines = failures.map { failure in
            let expected = failure.expectation
            let who = failure.source == "*" ? "everybody" : failure.source
            let to = failure.destination ?? "\(expected.question.destination)"
            let by = expected.document.map { " by \($0)" } ?? ""
            return "\(file):\(expected.line): "
                + TerminalText.escaped(
                    "\(who) to \(to) \(expected.question.service):"
                        + " expected \(expected.action.rawValue)\(by), found \(failure.found)")
        }
        let summary = TableFile.summary(
            table.expectations.count, unmet: Set(failures.map(\.expectation.line)).count, style)
        return (lines + [summary]).joined(separator: "\n") + "\n"
    }

    private func json(
        _ table: AccessExpectationTable, _ failures: [AccessExpectationFailure], _ revision: LoadedRevision,
        _ status: ExitStatus
    ) -> JSONValue {
        .object([
            ("document", .string("access-test")),
            ("exit_code", .number(Int(status.rawValue))),
            ("revision", .string(revision.id)),
            ("expectations", .number(table.expectations.count)),
            (
                "failures",
                .array(
                    failures.map { failure in
                        .object([
                            ("line", .number(failure.expectation.line)),
                            ("from", .string(failure.source)),
                            ("to", .string(failure.destination ?? "\(failure.expectation.question.destination)")),
                            ("service", .string("\(failure.expectation.question.service)")),
                            ("expected", .string(failure.expectation.action.rawValue)),
                            ("expected_document", .optional(failure.expectation.document)),
                            ("found", .string(failure.found)),
                        ])
                    })
            ),
        ])
    }
}
