import ArgumentParser
import Glibc
import Kernel
import Reconciler

/// Where the process begins and ends: the only place that turns errors into exit codes.
@main
enum EntryPoint {
    static func main() async {
        ProcessMemory.keepSmall()
        ProcessMemory.keepOutOfCrashReports()
        // A reader of our output that goes away (`| head`) is no reason to die in the middle of a pass.
        signal(SIGPIPE, SIG_IGN)
        umask(0o077)
        exit(await status(of: Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    /// Runs the command of these arguments.
    static func status(of arguments: [String]) async -> ExitStatus {
        if let unknown = unknownCommand(arguments) {
            Console.write(Array((unknown + "\n").utf8), to: STDERR_FILENO)
            return .usage
        }
        let command: any ParsableCommand
        do {
            command = try WireBuddy.parseAsRoot(arguments)
        } catch {
            return end(with: error)
        }
        guard let command = command as? any GatewayCommand else {
            do {
                var command = command
                try command.run()
                return .success
            } catch {
                return end(with: error)
            }
        }
        let console = command.console
        return await status(of: command, console) {
            guard let served = command as? any ServedCommand else { return try await command.execute(console) }
            return try await served.accompany(console) {
                if let daemon = try await DaemonClient.find(for: served) {
                    return try await daemon.run(arguments, console)
                }
                return try await served.execute(console)
            }
        }
    }

    /// Runs the body of a command, and reports on the console what prevented it.
    static func status(
        of command: any GatewayCommand, _ console: Console, _ body: () async throws -> ExitStatus
    ) async -> ExitStatus {
        do {
            return try await body()
        } catch let failure as CommandFailure {
            console.failure(failure, of: type(of: command)._commandName)
            return failure.status
        } catch let error as ValidationError {
            // The parser is through by now: it would speak of the root command.
            console.message("Error: \(error.message)\nUsage: \(WireBuddy.usageString(for: type(of: command)))")
            return .usage
        } catch {
            console.failure(CommandFailure(.error, "\(error)"), of: type(of: command)._commandName)
            return .error
        }
    }

    /// What to say about a first word that names no command; the parser would only call it an unexpected argument.
    private static func unknownCommand(_ arguments: [String]) -> String? {
        guard let word = arguments.first, !word.hasPrefix("-") else { return nil }
        let commands = WireBuddy.configuration.subcommands
        let names = commands.compactMap { $0.configuration.commandName }
        guard let group = commands.first(where: { $0.configuration.commandName == word }) else {
            return word == "help" ? nil : unknownCommand(word, of: names + ["help"], "wirebuddy")
        }
        let nested = group.configuration.subcommands.compactMap { $0.configuration.commandName }
        guard !nested.isEmpty, let second = arguments.dropFirst().first, !second.hasPrefix("-"),
            !nested.contains(second), second != "help"
        else { return nil }
        return unknownCommand(second, of: nested, "wirebuddy \(word)")
    }

    private static func unknownCommand(_ word: String, of names: [String], _ command: String) -> String {
        let suggestion = Suggestion.nearest(to: word, among: names).map { ": did you mean '\($0)'?" } ?? ""
        return """
            Error: Unknown command '\(TerminalText.escaped(word))'\(suggestion)
            Commands: \(names.joined(separator: ", "))
              See '\(command) --help' for more information.
            """
    }

    /// Help goes to standard output and is success; everything else the parser says is a usage error.
    private static func end(with error: any Error) -> ExitStatus {
        let isHelp = WireBuddy.exitCode(for: error).isSuccess
        let text = isHelp ? WireBuddy.fullMessage(for: error) : Suggestion.added(to: WireBuddy.fullMessage(for: error))
        if !text.isEmpty { Console.write(Array((text + "\n").utf8), to: isHelp ? STDOUT_FILENO : STDERR_FILENO) }
        return isHelp ? .success : .usage
    }
}
