import Credentials
import Manifest
public import Model

/// Names the key of this host as a recipient, made if there is none yet; nil where this is no gateway. Asked only where
/// a repository has no recipients at all.
public typealias HostRecipient = @Sendable () throws(SecretFailure) -> Recipient?

/// Seals the secrets of peers for the recipients of a tree.
struct Sealing {
    /// Who can open what is sealed.
    private let recipients: [Recipient]
    /// The repository the values are sealed for.
    let repositoryID: String
    /// The file that names the recipients, where the tree has none: what is sealed first brings it.
    let newFile: FileChange?

    /// - Throws: ``GatewayFailure/secret(_:)`` where the repository has no identity, or nobody to seal to.
    init(in tree: ManifestTree, host: HostRecipient) throws(GatewayFailure) {
        guard let repositoryID = tree.settings.repositoryID else {
            throw .secret(
                "a secret is sealed for one repository, and this one has no identity: add repository_id: <the line that"
                    + " uuidgen prints> to kind: Settings")
        }
        self.repositoryID = repositoryID
        guard tree.recipients.isEmpty, tree.place(of: .recipients) == nil else {
            recipients = tree.recipients
            newFile = nil
            return
        }
        do {
            recipients = try host().map { [$0] } ?? []
        } catch {
            throw .secret("\(error)")
        }
        newFile = recipients.isEmpty ? nil : Self.file(recipients, in: tree)
    }

    /// The value of a secret field of a peer.
    func seal(_ secret: SecretKey, field: String, publicKey: PublicKey) throws(GatewayFailure) -> EditValue {
        .string(try seal(secret, .peer(publicKey, field: field, repositoryID: repositoryID)))
    }

    /// The value of the private key of an interface.
    func seal(_ secret: SecretKey, ofInterface name: String) throws(GatewayFailure) -> EditValue {
        .string(try seal(secret, .interface(name, field: "private_key", repositoryID: repositoryID)))
    }

    /// The text of a secret in its place.
    func seal(_ secret: SecretKey, _ context: SecretContext) throws(GatewayFailure) -> String {
        do {
            return try Sealer(recipients: recipients).seal(secret, context)
        } catch {
            throw .secret("\(error)")
        }
    }

    private static func file(_ recipients: [Recipient], in tree: ManifestTree) -> FileChange {
        let path = NewFile.free("recipients", in: tree)
        let modeline = NewFile.modeline(
            kind: ObjectIdentity.recipients.kind, for: path, like: tree.place(of: .settings)?.path, in: tree)
        let list = recipients.map { recipient in
            EditValue.map([
                EditField("name", .string(recipient.name)), EditField("key", .string(recipient.key.description)),
                EditField("role", .string(recipient.role.rawValue)),
            ])
        }
        let document = EditValue.map([
            EditField("kind", .string(ObjectIdentity.recipients.kind)), EditField("recipients", .list(list)),
        ])
        return FileChange(
            path: path, content: Array((modeline.map { "\($0)\n" } ?? "").utf8) + ManifestEditor.newFile([document]))
    }
}
