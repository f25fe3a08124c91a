import ArgumentParser

/// The options of every command that changes the repository.
struct WriteOptions: ParsableArguments {
    @Flag(name: .long, help: "Show the changes of the files and the plan; change nothing.")
    var dryRun = false

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Approve what a rail refuses, by the digest that was shown. Repeatable.", valueName: "digest"))
    var approve: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("How long to wait until a running daemon has applied it.", valueName: "duration"))
    var wait = TimeSpan(seconds: 5)

    @Flag(name: .long, help: "Don't wait for the daemon.")
    var noWait = false
}
