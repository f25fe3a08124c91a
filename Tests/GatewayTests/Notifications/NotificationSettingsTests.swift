import Credentials
import Manifest
import Model
import Testing

@testable import Gateway

@Suite("Receivers of messages in writes")
struct NotificationSettingsTests {
    let trees = Trees()

    private func edits(_ json: String, _ tree: ManifestTree) throws -> [FieldEdit] {
        let shown = JSONValue.object(ObjectView.settings(tree.settings))
        return try BodyEdits(Array(json.utf8), kind: .settings, shown: shown).edits
    }

    @Test("a commit says that they changed, not to what")
    func commits() throws {
        let tree = trees.tree()
        let body = #"{"notifications": [{"url": "https://a.example/T0K3N", "secret": "file:a.key"}]}"#
        let (added, outcome) = try Intent.updateSettings(edits(body, tree)).applied(to: tree)
        let change = try #require(outcome.change)
        #expect(change.subject == "Change settings: notifications")
        #expect(change.body == "notifications: added")
        #expect(added.settings.notifications.map(\.url) == ["https://a.example/T0K3N"])
        #expect(added.settings.notifications.first?.secret == .file("a.key"))
        let (gone, removal) = try Intent.updateSettings(edits(#"{"notifications": null}"#, added)).applied(to: added)
        #expect(removal.change?.body == "notifications: removed")
        #expect(gone.settings.notifications == [])
        let same = String(
            decoding: JSONValue.object(ObjectView.settings(added.settings)).compactBytes(), as: UTF8.self)
        #expect(try edits(same, added).isEmpty)
        #expect(!same.contains("T0K3N"))
    }

    @Test("a key is sealed into its place, opens there only, and is sealed again with the others")
    func sealing() throws {
        var tree = trees.tree([
            "settings.yaml": "kind: Settings\nrepository_id: \(Trees.repositoryID)\nnotifications:\n"
                + "  - url: https://a.example\n  - url: https://b.example/T0K3N  # chat\n"
        ])
        let secret = KeyPair.generate().privateKey
        let field = SealedField(notification: 1, tree.settings)
        #expect(field.label == "notifications.2.secret of Settings")
        var edits = SecretEdits(tree)
        try edits.set(field, to: try Sealer(recipients: tree.recipients).seal(secret, field.context))
        tree.apply(try #require(try edits.change(subject: "Seal")))
        #expect(tree.sealedFields.map(\.label) == ["notifications.2.secret of Settings"])
        #expect(try tree.text("settings.yaml")?.contains("# chat") == true)
        let opener = SecretOpener([try RecipientKey(trees.host.privateKey)], of: "this host")
        let text = try #require(tree.sealedFields.first?.sealed)
        #expect(try opener.openKey(text, for: tree.settings.notificationSecretContext) == secret)
        #expect(throws: SecretFailure.self) {
            try opener.openKey(text, for: .interface("wg0", field: "private_key", repositoryID: Trees.repositoryID))
        }
        var again = SecretEdits(tree)
        let host = tree.recipients.filter { $0.name == "gateway" }
        #expect(try again.reseal(to: host, with: { opener }).count == 1)
    }
}
