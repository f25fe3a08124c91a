import ArgumentParser

/// `wirebuddy user`.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "People who may use the API: add, change and remove them.",
        discussion: "Example: wirebuddy user add alice --email alice@example.com --role admin",
        subcommands: [
            UserAddCommand.self, UserListCommand.self, UserSetCommand.self, UserRemoveCommand.self,
            UserHashPasswordCommand.self,
        ])
}
