import ArgumentParser
import Gateway
import Manifest
import Model
import Reconciler

/// `wirebuddy secret reseal`.
struct SecretResealCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "reseal",
        abstract: "Seal values again: for the recipients of now, or after a rename.",
        discussion: """
            Examples:
              wirebuddy secret reseal                              all values, for the recipients of now, in one commit
              wirebuddy secret reseal --identity recovery.key      where the host's key can't open them
              wirebuddy secret reseal --interface wg1 --from wg0   after wg0 was renamed by hand

            Values that are right already stay as they are. If one does not open, nothing is changed.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(name: .long, help: ArgumentHelp("Only this interface, which was renamed.", valueName: "name"))
    var interface: String?

    @Option(name: .long, help: ArgumentHelp("The old name of --interface.", valueName: "name"))
    var from: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The private key of a recipient (default: the key of this host).", valueName: "file"))
    var identity: String?

    func validate() throws {
        if (interface == nil) != (from == nil) { throw ValidationError("--interface and --from go together.") }
    }

    func execute(_ console: Console) async throws -> ExitStatus {
        let session = try SecretSession(global)
        let (interface, from, identity) = (interface, from, identity)
        let subject = interface.map { "Seal the secrets of \($0) again" } ?? "Seal all secrets again"
        let written = try await session.write(subject) { tree, edits in
            if let interface, let from {
                guard tree.interface(interface) != nil else {
                    throw CommandFailure(.error, "there is no interface \"\(interface)\"")
                }
                return try edits.reseal(
                    to: tree.recipients, with: { () throws(SecretFailure) in try session.opener(identity) },
                    where: { $0.object == .interface(interface) },
                    from: { field in
                        var context = field.context
                        context.identity = .name(from)
                        return context
                    })
            }
            guard !tree.sealedFields.isEmpty else { return [] }
            return try edits.reseal(
                to: tree.recipients, with: { () throws(SecretFailure) in try session.opener(identity) })
        }
        SecretOutput(lines: [], written: written).show(on: console)
        return .success
    }
}
