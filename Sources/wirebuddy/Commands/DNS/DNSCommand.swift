import ArgumentParser

/// `wirebuddy dns`.
struct DNSCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dns",
        abstract: "The forwarder of the gateway: its rules and lists, its decisions, its queries.",
        discussion: """
            Examples:
              wirebuddy dns explain ads.example.com --client johns-iphone
              wirebuddy dns test dns/expectations.txt --config .
              wirebuddy dns rules
              wirebuddy dns lists
              wirebuddy dns queries --client johns-iphone --blocked
              wirebuddy dns pause 10m --client johns-iphone

            explain, test, rules and lists read the files of the repository, and need no root, no network and no running \
            daemon; the others ask the daemon.
            """,
        subcommands: [
            DNSExplainCommand.self, DNSTestCommand.self, DNSRulesCommand.self, DNSListsCommand.self,
            DNSUpdateCommand.self, DNSQueriesCommand.self, DNSPauseCommand.self, DNSFlushCommand.self,
        ])
}
