import ArgumentParser
import Gateway

/// `wirebuddy user remove`.
struct UserRemoveCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a user; his sessions and tokens end once it is applied.",
        discussion: """
            Example: wirebuddy user remove alice

            The peers he owns stay, without an owner: only admins see them then. The last enabled admin stays.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("The user: his name or id.", valueName: "user"))
    var name: String

    var cutsPeersOff: Bool { false }

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent { .removeUser(UserSelector(name)) }
}
