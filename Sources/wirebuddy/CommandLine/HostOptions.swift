import ArgumentParser

/// The options that say which gateway is meant, and how much is told about the work.
struct HostOptions: ParsableArguments {
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

    @Flag(name: .long, help: "No colours, also on a terminal; so does the environment variable NO_COLOR.")
    var noColor = false

    @Option(name: .long, help: "What is logged to standard error (default: nothing, by serve notice and above).")
    var logLevel: LogLevel?
}
