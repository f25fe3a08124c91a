import Credentials
import Gateway
import Manifest
import Model
import Testing

@Suite("Edits of sealed values")
struct SecretEditsTests {
    static let repository = "123e4567-e89b-12d3-a456-426614174000"
    static let settings = "kind: Settings\nrepository_id: \(repository)\n"
    static let interface = "kind: Interface\nname: wg0\naddress: 10.8.0.1/24\nlisten_port: 51820\n"

    let host: KeyPair
    let other: KeyPair
    let opener: SecretOpener
    let phone = KeyPair.generate().publicKey
    let secret = KeyPair.generate().privateKey

    init() throws {
        host = KeyPair.generate()
        other = KeyPair.generate()
        opener = SecretOpener([try RecipientKey(host.privateKey)], of: "this host")
    }

    private func recipient(_ name: String, _ key: PublicKey) -> Recipient {
        Recipient(name: name, key: key, role: .host, location: SourceLocation(path: "", line: 1, column: 1))
    }

    private func tree(_ interfaceName: String = "wg0") throws -> ManifestTree {
        let sealer = try Sealer(recipients: [recipient("gateway", host.publicKey)])
        let peerKey = try sealer.seal(
            secret, .peer(phone, field: "preshared_key", repositoryID: Self.repository))
        let privateKey = try sealer.seal(
            secret, .interface("wg0", field: "private_key", repositoryID: Self.repository))
        let files = [
            "settings.yaml": Self.settings,
            "interfaces.yaml": Self.interface.replacing("wg0", with: interfaceName)
                + "private_key: \(privateKey)  # sealed\n",
            "phone.yaml": "kind: Peer\nname: phone\ninterface: \(interfaceName)\nip: 10.8.0.2\npublic_key: \(phone)\n"
                + "# the key\npreshared_key: \(peerKey)\n",
            "recipients.yaml": "kind: Recipients\nrecipients:\n  # ours\n  - name: gateway\n"
                + "    key: \(host.publicKey)\n    role: host\n",
        ]
        return ManifestTree(
            files: files.map { Manifest.parse(path: $0.key, bytes: Array($0.value.utf8)) },
            bytes: { Array((files[$0] ?? "").utf8) })
    }

    @Test func everyFieldIsFound() throws {
        #expect(
            try tree().sealedFields.map(\.label) == ["private_key of Interface wg0", "preshared_key of Peer wg0/phone"])
    }

    @Test func aNewRecipientOpensEverythingAfterOneChange() throws {
        var tree = try tree()
        var edits = SecretEdits(tree)
        edits.add([recipient("other", other.publicKey)])
        let all = tree.recipients + [recipient("other", other.publicKey)]
        #expect(try edits.reseal(to: all, with: { opener }).count == 2)
        let change = try #require(try edits.change(subject: String(repeating: "x", count: 100)))
        #expect(change.subject.unicodeScalars.count == 72 && change.files.count == 3)
        tree.apply(change)
        #expect(tree.recipients.map(\.name) == ["gateway", "other"])
        let newcomer = SecretOpener([try RecipientKey(other.privateKey)], of: "the other")
        for field in tree.sealedFields {
            #expect(try newcomer.openKey(try #require(field.sealed), for: field.context) == secret)
        }
        let text = String(decoding: try #require(try tree.bytes(of: "phone.yaml")), as: UTF8.self)
        #expect(text.contains("# the key\npreshared_key: sealed:v1:"))
        var again = SecretEdits(tree)
        #expect(try again.reseal(to: tree.recipients, with: { opener }).isEmpty)
        #expect(try again.change(subject: "nothing") == nil)
    }

    @Test func withoutTheKeyNothingChanges() throws {
        var edits = SecretEdits(try tree())
        let stranger = SecretOpener([try RecipientKey(other.privateKey)], of: "the other")
        do {
            _ = try edits.reseal(to: [recipient("other", other.publicKey)], with: { stranger })
            Issue.record("sealed again without a key")
        } catch {
            #expect("\(error)".contains("2 sealed values don't open"))
            #expect("\(error)".contains("preshared_key of Peer wg0/phone: sealed:v1:"))
        }
    }

    @Test func aRenamedInterfaceIsSealedForItsNewName() throws {
        var tree = try tree("wg1")
        let field = try #require(tree.sealedFields.first)
        #expect(throws: SecretFailure.self) { try opener.openKey(field.sealed ?? "", for: field.context) }
        var edits = SecretEdits(tree)
        let done = try edits.reseal(
            to: tree.recipients, with: { opener }, where: { $0.object == .interface("wg1") },
            from: { field in
                var context = field.context
                context.identity = .name("wg0")
                return context
            })
        #expect(done.map(\.label) == ["private_key of Interface wg1"])
        tree.apply(try #require(try edits.change(subject: "Seal again")))
        let now = try #require(tree.sealedFields.first)
        #expect(try opener.openKey(now.sealed ?? "", for: now.context) == secret)
    }

    @Test func recipientsGoAndChangeTheirKey() throws {
        var tree = try tree()
        var edits = SecretEdits(tree)
        edits.add([recipient("other", other.publicKey)])
        tree.apply(try #require(try edits.change(subject: "add")))
        edits = SecretEdits(tree)
        edits.setKey(ofRecipient: 0, to: phone)
        tree.apply(try #require(try edits.change(subject: "rotate")))
        #expect(tree.recipients.map(\.key) == [phone, other.publicKey])
        edits = SecretEdits(tree)
        edits.removeRecipient(0)
        tree.apply(try #require(try edits.change(subject: "remove")))
        #expect(tree.recipients.map(\.name) == ["other"])
    }

    @Test func theFirstRecipientMakesTheDocument() throws {
        let parsed = Manifest.parse(path: "recipients.yaml", bytes: Array(Self.settings.utf8))
        var tree = ManifestTree(files: [parsed], bytes: { _ in Array(Self.settings.utf8) })
        var edits = SecretEdits(tree)
        edits.add([recipient("gateway", host.publicKey)])
        let change = try #require(try edits.change(subject: "add"))
        #expect(change.files.map(\.path) == ["recipients-2.yaml"])
        tree.apply(change)
        #expect(tree.recipients.map(\.key) == [host.publicKey])
    }
}
