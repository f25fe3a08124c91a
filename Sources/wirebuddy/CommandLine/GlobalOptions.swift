import ArgumentParser
import Model

/// The options every command has.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The configuration repository: a directory of YAML files, best in git (default: /etc/wirebuddy).",
            valueName: "dir"))
    var config: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The state directory: database, keys, secrets (default: /var/lib/wirebuddy).", valueName: "dir"))
    var state: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The host file (default: /etc/wirebuddy.yaml, which may be absent).", valueName: "file"))
    var hostFile: String?

    @Option(name: .long, help: "The format of results.")
    var format: OutputFormat = .text

    @Flag(name: .long, help: "No colours, also on a terminal; so does the environment variable NO_COLOR.")
    var noColor = false

    @Option(name: .long, help: "What is logged to standard error (default: nothing, by serve notice and above).")
    var logLevel: LogLevel?

    /// Where the command writes.
    var console: Console { Console(format: format, colour: !noColor) }

    /// The options as they were given, to be repeated in commands that we propose.
    var repeated: String {
        [("--config", config), ("--state", state), ("--host-file", hostFile)]
            .compactMap { option, value in value.map { " \(option) \(ShellWord.quoted($0))" } }.joined()
    }
}
