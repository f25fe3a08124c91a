import ArgumentParser
import Reconciler

/// A command of ours: it works with the global options and ends with an ``ExitStatus``.
protocol GatewayCommand: AsyncParsableCommand {
    /// The options every command has.
    var global: GlobalOptions { get }

    /// The format of its results; commands without formats of their own have text and JSON.
    var reportFormat: ReportFormat { get }

    /// Does the work. Results go to the console; what prevents the work is thrown.
    ///
    /// - Throws: ``CommandFailure``, or an error whose description is one line for people.
    func execute(_ console: Console) async throws -> ExitStatus
}

extension GatewayCommand {
    var reportFormat: ReportFormat { global.format == .json ? .json : .text }

    /// Where it writes.
    var console: Console { Console(format: reportFormat, colour: !global.host.noColor) }

    /// Not used: ``EntryPoint`` calls ``execute(_:)`` itself, to map every error to an exit code.
    mutating func run() async throws {
        let status = try await execute(console)
        if status != .success { throw ArgumentParser.ExitCode(status.rawValue) }
    }
}
