import ArgumentParser
import Credentials
import Gateway
import Manifest
import Model
import Reconciler

/// `wirebuddy secret rotate-host-key`.
struct SecretRotateHostKeyCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-host-key",
        abstract: "Give this host a new key, and seal everything for it in one commit.",
        discussion: """
            Example: wirebuddy secret rotate-host-key

            Both keys open until the commit is in, then the old one is gone. Cut short, it goes on where it stopped when \
            it runs again. Older revisions stay sealed to the old key: only another recipient can open them.
            """)

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> ExitStatus {
        let session = try SecretSession(global)
        let (old, new) = try keys(session)
        let written = try await session.write("Replace the key of the host") { tree, edits in
            var recipients = tree.recipients
            guard !recipients.contains(where: { $0.key == new.publicKey }) else { return [] }
            guard let index = recipients.firstIndex(where: { $0.key == old.publicKey }) else {
                throw CommandFailure(
                    .error,
                    "the key of this host (\(old.publicKey)) is not among the recipients: add it with"
                        + " `wirebuddy secret recipients add gateway \(old.publicKey) --role host`")
            }
            recipients[index].key = new.publicKey
            edits.setKey(ofRecipient: index, to: new.publicKey)
            return try edits.reseal(to: recipients, with: { SecretOpener([old, new], of: "this host") })
        }
        do throws(SecretFailure) {
            try HostKey.promoteNext(state: session.state)
        } catch {
            throw CommandFailure(
                .error, "the commit is in, and both keys open; run it again to put the new one in its place: \(error)")
        }
        SecretOutput(
            lines: ["the key of this host is now \(new.publicKey)"], written: written,
            notes: ["older revisions are sealed to the old key, which is gone: a rollback needs another recipient"],
            fields: [("key", .string("\(new.publicKey)"))]
        ).show(on: console)
        return .success
    }

    private func keys(_ session: SecretSession) throws(CommandFailure) -> (old: RecipientKey, new: RecipientKey) {
        do throws(SecretFailure) {
            guard let old = try HostKey.load(state: session.state) else {
                throw SecretFailure(
                    "this host has no key yet (\(session.state)): `wirebuddy secret recipients` makes one")
            }
            return (old, try HostKey.makeNext(state: session.state))
        } catch {
            throw CommandFailure(.error, error.description)
        }
    }
}
