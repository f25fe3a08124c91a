import ArgumentParser
import Model

/// The options every command has.
struct GlobalOptions: ParsableArguments {
    @OptionGroup var host: HostOptions

    @Option(name: .long, help: "The format of results.")
    var format: OutputFormat = .text

    init() {}

    /// The options of a command with formats of its own.
    init(_ host: HostOptions, format: OutputFormat) {
        self.host = host
        self.format = format
    }

    /// The configuration repository.
    var config: String? { host.config }
    /// The state directory.
    var state: String? { host.state }
    /// The host file.
    var hostFile: String? { host.hostFile }
    /// What is logged.
    var logLevel: LogLevel? { host.logLevel }

    /// The options as they were given, to be repeated in commands that we propose.
    var repeated: String {
        [("--config", config), ("--state", state), ("--host-file", hostFile)]
            .compactMap { option, value in value.map { " \(option) \(ShellWord.quoted($0))" } }.joined()
    }
}
