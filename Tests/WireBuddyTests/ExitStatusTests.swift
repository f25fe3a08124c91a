import ArgumentParser
import Reconciler
import Testing

@testable import wirebuddy

@Suite("Exit codes")
struct ExitStatusTests {
    @Test("the numbers are the contract")
    func numbers() {
        let numbers = Reconciler.ExitCode.allCases.map { ($0.name, $0.rawValue) }
        let expected: [(String, Int32)] = [
            ("done", 0), ("error", 1), ("changes", 2), ("invalid", 10), ("refused", 11), ("stale", 12),
            ("locked", 13), ("partly-applied", 14), ("rolled-back", 15), ("timed-out", 16), ("usage", 64),
        ]
        #expect(numbers.elementsEqual(expected, by: ==))
    }

    @Test("the first that applies: 64, 13, 1, 10, 12, 11, 15, 14, 16, 2, 0")
    func precedence() {
        let order: [Reconciler.ExitCode] = [
            .usage, .locked, .error, .invalid, .stale, .refused, .rolledBack, .partial, .timedOut, .changes, .success,
        ]
        #expect(Set(order) == Set(Reconciler.ExitCode.allCases))
        for (index, status) in order.enumerated() {
            #expect(Reconciler.ExitCode.first(of: Set(order[index...])) == status)
        }
        #expect(Reconciler.ExitCode.first(of: []) == .success)
    }

    @Test("a wrong command line is 64 for every command", arguments: WireBuddy.configuration.subcommands.indices)
    func usage(_ index: Int) async {
        let name = WireBuddy.configuration.subcommands[index].configuration.commandName ?? ""
        #expect(await EntryPoint.status(of: [name, "--no-such-option"]) == .usage)
        #expect(await EntryPoint.status(of: [name, "--format", "xml"]) == .usage)
    }

    @Test("an unknown command is 64")
    func unknownCommand() async {
        #expect(await EntryPoint.status(of: ["aply"]) == .usage)
        #expect(await EntryPoint.status(of: ["peer", "ad"]) == .usage)
    }

    @Test("every command has an example in its help", arguments: WireBuddy.configuration.subcommands.indices)
    func help(_ index: Int) {
        let command = WireBuddy.configuration.subcommands[index]
        let name = "wirebuddy \(command.configuration.commandName ?? "?")"
        #expect(command.configuration.discussion.contains(name))
        #expect(!command.configuration.abstract.isEmpty)
        for nested in command.configuration.subcommands {
            let example = "\(name) \(nested.configuration.commandName ?? "?")"
            #expect(nested.configuration.discussion.contains(example), "\(example)")
            #expect(!nested.configuration.abstract.isEmpty)
        }
    }
}
