import ArgumentParser
import DNSPolicy
import Model
import Reconciler
import Repository

/// `wirebuddy dns test`.
struct DNSTestCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Check the policy against a table of expectations.",
        discussion: """
            Example: wirebuddy dns test dns/expectations.txt --config .

            A line of the table is NAME [CLIENT [TYPE]] -> allow | block | rewrite VALUE [by SOURCE]:

              ads.example.com                        -> block
              ads.example.com  wg0/build-server      -> allow
              nas.vpn.internal * AAAA                -> rewrite fd42::5
              tracker.example  johns-iphone          -> block by ads
              shop.example     "John's iPhone" HTTPS -> allow by dns/rules.yaml:12

            A client of *, or none, is every peer; the type is A if there is none; # begins a comment. Ends with 0 when \
            all expectations are met, and with 1 when one is not or a list is not at hand.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: PolicyOptions

    @Argument(help: ArgumentHelp("The table.", valueName: "file"))
    var file: String

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let table = try table()
        let declared = try await DeclaredPolicy.load(composition, options)
        // A table that is met because a list is missing would be a success that is none.
        if let absence = declared.absence { throw CommandFailure(.error, absence) }
        let failures = declared.policy.failures(of: table, time: composition.clock.now())
        let status: ExitStatus = failures.isEmpty ? .success : .error
        console.result(text: text(table, failures, console.style), json: json(table, failures, declared, status))
        return status
    }

    private func table() throws -> ExpectationTable {
        let text = try TableFile.text(file)
        do {
            return try ExpectationTable(text)
        } catch {
            throw TableFile.failure(file, error.faults.map { ($0.line, $0.reason) })
        }
    }

    private func text(_ table: ExpectationTable, _ failures: [ExpectationFailure], _ style: TextStyle) -> String {
        var lines = failures.map { failure in
            let expected = failure.expectation
            let who = failure.client ?? expected.client ?? "everybody"
            let by = expected.source.map { " by \($0)" } ?? ""
            return "\(file):\(expected.line): \(expected.name) \(expected.type) for \(TerminalText.escaped(who)):"
                + " expected \(expected.outcome)\(by), found \(TerminalText.escaped(failure.found))"
        }
        lines.append(
            TableFile.summary(table.expectations.count, unmet: Set(failures.map(\.expectation.line)).count, style))
        return lines.joined(separator: "\n") + "\n"
    }

    private func json(
        _ table: ExpectationTable, _ failures: [ExpectationFailure], _ declared: DeclaredPolicy, _ status: ExitStatus
    ) -> JSONValue {
        .object([
            ("document", .string("dns-test")),
            ("exit_code", .number(Int(status.rawValue))),
            ("revision", .string(declared.revision.id)),
            ("expectations", .number(table.expectations.count)),
            (
                "failures",
                .array(
                    failures.map { failure in
                        .object([
                            ("line", .number(failure.expectation.line)),
                            ("name", .string("\(failure.expectation.name)")),
                            ("type", .string("\(failure.expectation.type)")),
                            ("client", .optional(failure.client)),
                            ("expected", .string("\(failure.expectation.outcome)")),
                            ("expected_source", .optional(failure.expectation.source)),
                            ("found", .string(failure.found)),
                        ])
                    })
            ),
        ])
    }
}
