import ArgumentParser
import Credentials
import Glibc
import Model
import Reconciler
import Repository

/// `wirebuddy init`.
struct InitCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a configuration repository: commented files, schemas for editors, git set up.",
        discussion: """
            Examples:
              wirebuddy init                                     in the configuration directory
              wirebuddy init /srv/gateway --endpoint vpn.example.com --admin alice

            It also makes the first admin of the API; his password is printed once, the repository holds its hash. \
            All of it or nothing; a directory that is not empty is left alone. Under sudo the files belong to the user \
            who called it.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What devices dial: a name or address (default: the address of the default route).", valueName: "host"))
    var endpoint: String?

    @Option(name: .long, help: ArgumentHelp("The user name of the first admin of the API.", valueName: "name"))
    var admin = "admin"

    @Argument(help: ArgumentHelp("The directory (default: that of --config).", valueName: "dir"))
    var directory: String?

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        var scaffold = Scaffold(directory: directory ?? composition.settings.config.content)
        scaffold.branch = composition.settings.branch.content
        scaffold.publicEndpoint = try host()
        scaffold.owner = Self.callerOfSudo
        scaffold.trust = geteuid() == 0 ? .system : .global
        scaffold.hostKey = hostKey(composition)
        let password = GeneratedPassword.make()
        scaffold.admin = Scaffold.Admin(username: try adminName(), passwordHash: try Self.hash(password))
        let result: Scaffold.Result
        do {
            result = try await scaffold.make()
        } catch {
            throw CommandFailure(.error, error.description)
        }
        console.result(
            text: text(result, scaffold, password, console.style),
            json: .object([
                ("document", .string("init")),
                ("directory", .string(scaffold.directory)),
                ("written", .array(result.files.map(JSONValue.string))),
                ("commit", .optional(result.commit)),
                ("public_endpoint", .optional(result.publicEndpoint.map(Self.text))),
                (
                    "admin",
                    .object([
                        ("username", .string(admin)), ("password", .string(Self.text(password))),
                    ])
                ),
                ("notes", .array(result.notes.map(JSONValue.string))),
            ]))
        return .success
    }

    /// The key of this host, if it is a gateway: root's state directory, or one of one's own.
    private func hostKey(_ composition: GatewayComposition) -> PublicKey? {
        guard geteuid() == 0 || global.state != nil else { return nil }
        return try? HostKey.make(state: composition.settings.state.content).publicKey
    }

    private func host() throws -> Endpoint.Host? {
        guard let endpoint else { return nil }
        if let address = IPAddress(endpoint) { return .address(address) }
        if let name = HostName(text: Array(endpoint.utf8)[...]) { return .name(name.value) }
        throw ValidationError("'\(endpoint)' is neither a host name nor an address (the port is the interface's).")
    }

    /// The user behind `sudo`, who edits the files.
    private static var callerOfSudo: Scaffold.Owner? {
        guard geteuid() == 0, let user = Environment["SUDO_UID"].flatMap(UInt32.init), user != 0,
            let group = Environment["SUDO_GID"].flatMap(UInt32.init)
        else { return nil }
        return Scaffold.Owner(user: user, group: group)
    }

    private static func text(_ host: Endpoint.Host) -> String {
        switch host {
        case .address(let address): "\(address)"
        case .name(let name): name
        }
    }

    /// - Throws: ``CommandFailure`` when there is no memory for it.
    private static func hash(_ password: SecretBytes) throws(CommandFailure) -> String {
        do throws(PasswordFailure) {
            return try PasswordHash.make(password).text
        } catch {
            throw CommandFailure(.error, "there is no memory to hash the admin's password: 64 MiB are needed")
        }
    }

    /// The password, for the one output that shows it.
    private static func text(_ password: SecretBytes) -> String {
        password.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    private func adminName() throws -> String {
        guard Username.isValid(admin) else {
            throw ValidationError("'\(admin)' is no user name: 3 to 32 letters, digits, `.`, `_` and `-`.")
        }
        return admin
    }

    private func text(
        _ result: Scaffold.Result, _ scaffold: Scaffold, _ password: SecretBytes, _ style: TextStyle
    ) -> String {
        let visible = result.files.filter { !$0.hasPrefix(".") }
        var lines = ["\(scaffold.directory): \(visible.joined(separator: ", "))"]
        if let commit = result.commit {
            lines.append("git repository, branch \(scaffold.branch), first commit \(commit.prefix(10))")
        }
        lines.append("admin of the API: \(admin), password \(Self.text(password)) (shown only now)")
        lines += result.notes.map { "\(style.paint("note", .warning)) \(TerminalText.escaped($0))" }
        let options = directory.map { " --config \(ShellWord.quoted($0))" } ?? global.repeated
        lines.append(
            "next: add a device as peers/wg0/laptop.yaml.example shows, commit it, then `wirebuddy plan\(options)`")
        return lines.joined(separator: "\n") + "\n"
    }
}
