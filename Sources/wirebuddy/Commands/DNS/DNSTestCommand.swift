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
        let bytes: [UInt8]
        switch SmallFile.read(file, limit: 16 << 20) {
        case .success(let content): bytes = content
        case .failure(let error): throw CommandFailure(.error, "\(file) can't be read: \(error)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(.error, "\(file) is not UTF-8")
        }
        do {
            return try ExpectationTable(text)
        } catch {
            let lines = error.faults.map { "\(file):\($0.line): \(TerminalText.escaped($0.reason))" }
            throw CommandFailure(.error, "\(file) is not a table of expectations", details: lines)
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
        let count = Counting.counted(table.expectations.count, "expectation")
        let unmet = Set(failures.map(\.expectation.line)).count
        lines.append(
            failures.isEmpty
                ? "\(style.paint("good", .good)): \(count) met"
                : "\(style.paint("not good", .failure)): \(unmet) of \(count) not met")
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
