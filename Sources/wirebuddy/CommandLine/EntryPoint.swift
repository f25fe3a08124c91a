import ArgumentParser
import Glibc

/// Where the process begins and ends: the only place that turns errors into exit codes.
@main
enum EntryPoint {
    static func main() async {
        // A reader of our output that goes away (`| head`) is no reason to die in the middle of a pass.
        signal(SIGPIPE, SIG_IGN)
        umask(0o077)
        exit(await status(of: Array(CommandLine.arguments.dropFirst())).rawValue)
    }

    /// Runs the command of these arguments.
    static func status(of arguments: [String]) async -> ExitStatus {
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
                return .done
            } catch {
                return end(with: error)
            }
        }
        let console = command.global.console
        do {
            return try await command.execute(console)
        } catch let failure as CommandFailure {
            console.failure(failure)
            return failure.status
        } catch let error as ValidationError {
            return end(with: error)
        } catch {
            console.failure(CommandFailure(.error, "\(error)"))
            return .error
        }
    }

    /// Help goes to standard output and is success; everything else the parser says is a usage error.
    private static func end(with error: any Error) -> ExitStatus {
        let isHelp = WireBuddy.exitCode(for: error).isSuccess
        let text = WireBuddy.fullMessage(for: error)
        if !text.isEmpty { Console.write(Array((text + "\n").utf8), to: isHelp ? STDOUT_FILENO : STDERR_FILENO) }
        return isHelp ? .done : .usage
    }
}
