import Reconciler

/// A command that the daemon does where one serves the same gateway: one writer of the repository, one controller of the
/// host. Its words are all it needs: what a command reads besides (standard input, files of the caller) the daemon
/// can't see, and such a command is none of these.
protocol ServedCommand: GatewayCommand {
    /// Whether these very words can be passed on.
    var isServed: Bool { get }

    /// Whether it is done alone where a daemon runs and does not answer.
    var worksBesideDaemon: Bool { get }

    /// What the process of the command does around the work, wherever that is done.
    ///
    /// - Throws: as ``GatewayCommand/execute(_:)``.
    func accompany(_ console: Console, _ work: () async throws -> ExitStatus) async throws -> ExitStatus

    /// Does the work, in the process of the command or in the daemon.
    ///
    /// - Throws: as ``GatewayCommand/execute(_:)``.
    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus
}

extension ServedCommand {
    var isServed: Bool { true }

    var worksBesideDaemon: Bool { false }

    func accompany(_ console: Console, _ work: () async throws -> ExitStatus) async throws -> ExitStatus {
        try await work()
    }

    /// Does the work alone.
    func execute(_ console: Console) async throws -> ExitStatus {
        try await execute(on: CommandHost(global), console)
    }
}
