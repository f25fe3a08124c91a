import ArgumentParser
import Gateway
import Manifest
import Model
import Reconciler

/// `wirebuddy user list`.
struct UserListCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the declared users.",
        discussion: "Example: wirebuddy user list --format json")

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let snapshot = try await GatewaySession.snapshot(composition)
        let users = snapshot.tree.users
        console.result(
            text: text(users, console.style),
            json: .object([
                ("document", .string("users")),
                ("exit_code", .number(0)),
                ("revision", .string(snapshot.revision)),
                ("users", .array(users.map { .object(ObjectView.user($0, in: snapshot.tree)) })),
            ]))
        return .success
    }

    private func text(_ users: [User], _ style: TextStyle) -> String {
        guard !users.isEmpty else {
            return "no users, so nobody can use the API: add one with"
                + " `wirebuddy user add NAME --role admin\(global.repeated)`\n"
        }
        var table = TextTable(["USER", "ROLE", "STATUS", "EMAIL", "NAME"])
        for user in users {
            let status = !user.enabled ? "disabled" : user.passwordHash == nil ? "no password" : "enabled"
            table.append([
                user.username, user.role.rawValue, status, user.email.isEmpty ? "-" : user.email,
                user.fullName.isEmpty ? "-" : user.fullName,
            ])
        }
        return table.render(style)
    }
}
