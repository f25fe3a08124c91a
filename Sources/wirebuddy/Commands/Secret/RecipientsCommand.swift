import ArgumentParser
import Credentials
import Gateway
import Glibc
import Manifest
import Model
import Reconciler

/// `wirebuddy secret recipients`.
struct RecipientsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipients",
        abstract: "Who can open sealed values.",
        discussion: """
            Examples:
              wirebuddy secret recipients                                   the list, and the key of this host
              wirebuddy secret recipients generate recovery --role recovery
              wirebuddy secret recipients add alice KEY --role operator
              wirebuddy secret recipients remove alice
            """,
        subcommands: [
            RecipientsListCommand.self, RecipientsAddCommand.self, RecipientsGenerateCommand.self,
            RecipientsRemoveCommand.self,
        ], defaultSubcommand: RecipientsListCommand.self)
}

/// `wirebuddy secret recipients list`.
struct RecipientsListCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the recipients, and make and print the key of this host.",
        discussion: "Example: wirebuddy secret recipients list")

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> ExitStatus {
        let session = try SecretSession(global)
        let recipients = try await session.tree().recipients
        var notes: [String] = []
        var hostKey: PublicKey?
        do throws(SecretFailure) {
            let key = try HostKey.make(state: session.state).publicKey
            hostKey = key
            if !recipients.contains(where: { $0.key == key }) {
                notes.append(
                    "this host can't open what is sealed here: on a gateway, run"
                        + " `wirebuddy secret recipients add gateway \(key) --role host\(global.repeated)`")
            }
        } catch {
            notes.append("\(error)")
        }
        if !recipients.isEmpty, !recipients.contains(where: { $0.role == .recovery }) {
            notes.append(
                "there is no recovery recipient: `wirebuddy secret recipients generate recovery --role recovery` makes one"
            )
        }
        let width = recipients.map(\.name.count).max() ?? 0
        var lines = recipients.map { recipient in
            let name = recipient.name + String(repeating: " ", count: width - recipient.name.count)
            let role = recipient.role.rawValue
            return "\(name)  \(recipient.key)  \(role)\(recipient.key == hostKey ? " (this host)" : "")"
        }
        if let hostKey, !recipients.contains(where: { $0.key == hostKey }) { lines.append("this host  \(hostKey)") }
        SecretOutput(
            lines: lines, notes: notes,
            fields: [
                (
                    "recipients",
                    .array(
                        recipients.map {
                            .object([
                                ("name", .string($0.name)), ("key", .string("\($0.key)")),
                                ("role", .string($0.role.rawValue)),
                            ])
                        })
                ),
                ("host_key", .optional(hostKey.map { "\($0)" })),
            ]
        ).show(on: console)
        return .success
    }
}

/// What `recipients add` and `recipients generate` do.
enum RecipientAddition {
    /// Adds a recipient and seals everything for the new list, in one commit. Where there is no list yet, the host's key
    /// stands in it too: what is sealed next shall open here.
    static func add(
        _ recipient: Recipient, identity: String?, _ session: SecretSession
    ) async throws -> SecretSession.Written {
        let host = hostRecipient(session)
        return try await session.write("Let \(recipient.name) open secrets") { tree, edits in
            var recipients = tree.recipients
            guard tree.place(of: .recipients) == nil || !recipients.isEmpty else {
                throw CommandFailure(.invalid, "the Recipients document is not valid: see `wirebuddy validate`")
            }
            if let same = recipients.first(where: { $0.name == recipient.name || $0.key == recipient.key }) {
                if same.name == recipient.name, same.key == recipient.key, same.role == recipient.role { return [] }
                throw CommandFailure(
                    .error, "recipient \(same.name) has the \(same.name == recipient.name ? "name" : "key") already")
            }
            var added = [recipient]
            if recipients.isEmpty, recipient.role != .host, let host { added.insert(host, at: 0) }
            recipients += added
            edits.add(added)
            guard !tree.sealedFields.isEmpty else { return [] }
            return try edits.reseal(
                to: recipients, with: { () throws(SecretFailure) in try session.opener(identity) })
        }
    }

    /// The key of this host, where it is a gateway.
    private static func hostRecipient(_ session: SecretSession) -> Recipient? {
        guard geteuid() == 0, let key = try? HostKey.make(state: session.state).publicKey else { return nil }
        return Recipient(name: "gateway", key: key, role: .host, location: .commandLine)
    }
}

extension SourceLocation {
    /// Where values stand that came from the command line.
    static let commandLine = SourceLocation(path: "", line: 1, column: 1)
}

/// `wirebuddy secret recipients add`.
struct RecipientsAddCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a recipient, and seal everything for the new list in one commit.",
        discussion: "Example: wirebuddy secret recipients add alice KEY --role operator")

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The name.", valueName: "name"))
    var name: String

    @Argument(help: ArgumentHelp("The public key, as `wirebuddy secret keygen` prints it.", valueName: "key"))
    var key: PublicKey

    @Option(name: .long, help: "What it is for: host, operator or recovery.")
    var role: Recipient.Role

    @Option(
        name: .long,
        help: ArgumentHelp("The private key of a recipient (default: the key of this host).", valueName: "file"))
    var identity: String?

    func execute(_ console: Console) async throws -> ExitStatus {
        let session = try SecretSession(global)
        let recipient = Recipient(name: name, key: key, role: role, location: .commandLine)
        let written = try await RecipientAddition.add(recipient, identity: identity, session)
        SecretOutput(lines: ["\(name) can open secrets"], written: written).show(on: console)
        return .success
    }
}

/// `wirebuddy secret recipients generate`.
struct RecipientsGenerateCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Make a key, and add it as a recipient.",
        discussion: """
            Example: wirebuddy secret recipients generate recovery --role recovery

            The private part goes into a file, NAME.key unless told otherwise. Move that of a recovery recipient to a \
            place that is neither the gateway nor the repository.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The name.", valueName: "name"))
    var name: String

    @Option(name: .long, help: "What it is for: operator or recovery.")
    var role: Recipient.Role

    @Option(name: .long, help: ArgumentHelp("The new file of the private key (default: NAME.key).", valueName: "file"))
    var file: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The private key of a recipient (default: the key of this host).", valueName: "file"))
    var identity: String?

    func validate() throws {
        if role == .host {
            throw ValidationError("A host makes its key itself: run `wirebuddy secret recipients` there.")
        }
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "_.-".utf8.contains(byte)
            }
        }
        if !isPlain { throw ValidationError("A name has letters, digits, '_', '.' and '-' only.") }
    }

    func execute(_ console: Console) async throws -> ExitStatus {
        let session = try SecretSession(global)
        let path = file ?? "\(name).key"
        if let repository = Self.real(session.composition.settings.config.content), let folder = Self.folder(of: path),
            folder == repository || folder.hasPrefix(repository + "/")
        {
            throw CommandFailure(
                .error, "\(path) would stand in the repository, where everybody gets it: name another place with --file"
            )
        }
        let key: PublicKey
        do throws(SecretFailure) {
            key = try IdentityFile.make(path)
        } catch {
            throw CommandFailure(.error, error.description)
        }
        let written: SecretSession.Written
        do {
            let recipient = Recipient(name: name, key: key, role: role, location: .commandLine)
            written = try await RecipientAddition.add(recipient, identity: identity, session)
        } catch {
            // Nobody has sealed anything to it.
            unsafe unlink(path)
            throw error
        }
        SecretOutput(
            lines: ["\(name) can open secrets with \(path)"], written: written,
            notes: role == .recovery
                ? ["move \(path) to a place that is neither this gateway nor the repository, and delete it here"] : [],
            fields: [("key", .string("\(key)")), ("file", .string(path))]
        ).show(on: console)
        return .success
    }

    private static func folder(of path: String) -> String? {
        guard let slash = path.lastIndex(of: "/") else { return real(".") }
        return real(slash == path.startIndex ? "/" : String(path[..<slash]))
    }

    private static func real(_ path: String) -> String? {
        guard let real = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }
}

/// `wirebuddy secret recipients remove`.
struct RecipientsRemoveCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a recipient, and seal everything for the rest in one commit.",
        discussion: """
            Example: wirebuddy secret recipients remove alice

            What was sealed before stays readable in the history to who had the key: replace secrets that must not be known.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The name.", valueName: "name"))
    var name: String

    @Option(
        name: .long,
        help: ArgumentHelp("The private key of a recipient (default: the key of this host).", valueName: "file"))
    var identity: String?

    func execute(_ console: Console) async throws -> ExitStatus {
        let session = try SecretSession(global)
        let (name, identity) = (name, identity)
        let written = try await session.write("Let \(name) open no more secrets") { tree, edits in
            var recipients = tree.recipients
            guard let index = recipients.firstIndex(where: { $0.name == name }) else {
                let names = recipients.map(\.name).joined(separator: ", ")
                throw CommandFailure(
                    .error, "there is no recipient \"\(name)\"\(names.isEmpty ? "" : ": there are \(names)")")
            }
            guard recipients.count > 1 else {
                throw CommandFailure(.error, "\(name) is the only recipient: add another one first")
            }
            recipients.remove(at: index)
            edits.removeRecipient(index)
            guard !tree.sealedFields.isEmpty else { return [] }
            return try edits.reseal(
                to: recipients, with: { () throws(SecretFailure) in try session.opener(identity) })
        }
        SecretOutput(
            lines: ["\(name) is no recipient any more"], written: written,
            notes: ["the history still holds values that \(name)'s key opens: replace secrets that must not be known"]
        ).show(on: console)
        return .success
    }
}
