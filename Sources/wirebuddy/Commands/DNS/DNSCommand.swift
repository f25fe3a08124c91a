import ArgumentParser

/// `wirebuddy dns`.
struct DNSCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dns",
        abstract: "The rules and lists of DNS: explain a decision, test the policy, list what is declared.",
        discussion: """
            Examples:
              wirebuddy dns explain ads.example.com --client johns-iphone
              wirebuddy dns test dns/expectations.txt --config .
              wirebuddy dns rules
              wirebuddy dns lists

            All of them read the files of the repository, and need no root, no network and no running daemon.
            """,
        subcommands: [DNSExplainCommand.self, DNSTestCommand.self, DNSRulesCommand.self, DNSListsCommand.self])
}
