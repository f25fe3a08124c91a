import ArgumentParser

/// The command `wirebuddy`: its subcommands, in the order of a first day.
struct WireBuddy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wirebuddy",
        abstract: "A declarative reconciler for WireGuard gateways.",
        discussion: """
            A repository of YAML files becomes a running gateway, and stays one:

              wirebuddy init                 make the repository
              wirebuddy plan                 see what would change
              wirebuddy apply                change it
              wirebuddy serve                keep it so

            Exit codes: 0 done or in sync, 1 error, 2 changes found, 10 invalid configuration, 11 refused by a rail, \
            12 stale plan, 13 locked, 14 partly applied, 15 rolled back, 16 timed out, 64 usage.
            """,
        version: Version.text,
        subcommands: [
            InitCommand.self, ValidateCommand.self, PlanCommand.self, ApplyCommand.self, DriftCommand.self,
            StatusCommand.self, WaitCommand.self, ConfirmCommand.self, ApproveCommand.self, LogCommand.self,
            EventsCommand.self, RollbackCommand.self,
            TopCommand.self, TrafficCommand.self,
            ServeCommand.self,
            PeerCommand.self, InterfaceCommand.self, UserCommand.self, TokenCommand.self, SecretCommand.self,
            DNSCommand.self, AccessCommand.self, ForwardCommand.self,
            ImportCommand.self, ExportCommand.self,
            RevokeCommand.self, SuspendCommand.self, ResumeCommand.self, DownCommand.self, DoctorCommand.self,
            BackupCommand.self, RestoreCommand.self, SchemaCommand.self, VersionCommand.self, WatchdogCommand.self,
        ])
}
