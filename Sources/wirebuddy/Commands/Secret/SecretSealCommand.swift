import ArgumentParser
import Credentials
import Gateway
import Manifest
import Model
import Reconciler

/// `wirebuddy secret seal`.
struct SecretSealCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Seal a secret for one field, and print what to write there.",
        discussion: """
            Examples:
              wg genpsk | wirebuddy secret seal --peer wg0/phone --field preshared_key
              wirebuddy secret seal --interface wg0 --field private_key --write < wg0.key
              wg genpsk | wirebuddy secret seal --notification 1 --write

            The secret comes from standard input; on a terminal it is asked for and not shown. Needs the repository only, \
            no rights and no gateway: a checkout in a CI will do.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var target: SecretTarget

    @Flag(name: .long, help: "Write it into the field and commit it, instead of printing it.")
    var write = false

    func execute(_ console: Console) async throws -> ExitStatus {
        let session = try SecretSession(global)
        let tree = try await session.tree()
        let field = try target.find(in: tree)
        try SecretSession.require(sealable: tree)
        let secret = try SecretInput.read("\(field.field) of \(field.object)")
        try check(secret, field)
        guard write else {
            let text = try Self.seal(secret, field, tree)
            // Nothing else on standard output, so that it can be pasted or piped.
            console.result(
                text: text + "\n",
                json: .object([
                    ("document", .string("secret")), ("exit_code", .number(0)), ("field", .string(field.label)),
                    ("value", .string(text)), ("notes", .array([])),
                ]))
            return .success
        }
        let target = target
        let written = try await session.write("Seal \(field.label)", mayRepair: true) { tree, edits in
            try SecretSession.require(sealable: tree)
            let field = try target.find(in: tree, "at the head of the repository: commit its file first")
            try edits.set(field, to: Self.seal(secret, field, tree))
            return []
        }
        SecretOutput(
            lines: ["sealed \(field.label)"], written: written, fields: [("field", .string(field.label))]
        ).show(on: console)
        return .success
    }

    private static func seal(
        _ secret: SecretBytes, _ field: SealedField, _ tree: ManifestTree
    ) throws(CommandFailure) -> String {
        do throws(SecretFailure) {
            return try Sealer(recipients: tree.recipients).seal(secret, field.context)
        } catch {
            throw CommandFailure(.error, error.description)
        }
    }

    /// Every secret of today is a key, and a private key belongs to a public one.
    private func check(_ secret: SecretBytes, _ field: SealedField) throws(CommandFailure) {
        guard let key = secret.withBytes({ SecretKey(text: copy $0) }) else {
            throw CommandFailure(
                .error, "standard input does not hold a key: expected 44 characters of base64 as `wg genpsk` prints")
        }
        if let publicKey = field.publicKey, KeyPair.publicKey(of: key) != publicKey {
            throw CommandFailure(
                .error, "this is not the private key of \(field.object): its public_key is \(publicKey)")
        }
    }
}
