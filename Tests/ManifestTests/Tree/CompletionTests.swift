import Manifest
import Model
import Testing

@Suite("Completion of peers")
struct CompletionTests {
    private static let settings = "kind: Settings\nrepository_id: 123e4567-e89b-12d3-a456-426614174000\n---\n"
    private static let interface =
        "kind: Interface\nname: wg0\naddress: [10.8.0.1/24, fd42:8::1/64]\nlisten_port: 51820\n"
    private static let key = "public_key: yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=\n"
    private static let now = Timestamp(seconds: 1_780_000_000)

    private static func load(
        _ text: String, _ completion: Completion, quarantined: [String: [IPAddress]] = [:]
    ) -> LoadResult {
        let file = SourceFile(path: "a.yaml", bytes: Array(text.utf8))
        return Manifest.load([file], now: now, completion: completion, quarantined: quarantined)
    }

    private static func peer(_ name: String, _ fields: String = "") -> String {
        "---\nkind: Peer\nname: \(name)\ninterface: wg0\n\(fields)"
    }

    @Test("an absent address is allocated in memory, with a warning")
    func address() {
        let text = Self.settings + Self.interface + Self.peer("phone", Self.key)
        let result = Self.load(text, .writeBack)
        #expect(result.missing.map(\.summary) == ["Peer \"phone\" of wg0 gets 10.8.0.2 and fd42:8::2"])
        #expect(result.missing.first?.needsKeys == false && result.missing.first?.needsPresharedKey == false)
        #expect(result.problems.map(\.severity) == [.warning])
        #expect(result.catalog?.peers.first?.ip.map(\.description) == ["10.8.0.2", "fd42:8::2"])
        let quarantined = ["10.8.0.2", "fd42:8::2"].compactMap { IPAddress($0) }
        let later = Self.load(text, .writeBack, quarantined: ["wg0": quarantined])
        #expect(later.missing.first?.ip.map(\.description) == ["10.8.0.3", "fd42:8::3"])
    }

    @Test("a peer without a key waits for its key pair, and gets a preshared key where the settings say so")
    func keys() {
        let result = Self.load(
            Self.settings + Self.interface + Self.peer("phone") + Self.peer("tv", "ip: 10.8.0.9\n")
                + Self.peer("pc", "ip: 10.8.0.8\npreshared_key: generate\n" + Self.key), .writeBack)
        #expect(
            result.missing.map(\.summary) == [
                "Peer \"phone\" of wg0 gets 10.8.0.2, fd42:8::2, a key pair and a preshared key",
                "Peer \"tv\" of wg0 gets a key pair and a preshared key", "Peer \"pc\" of wg0 gets a preshared key",
            ])
        #expect(result.catalog?.peers.map(\.name) == ["pc"])
        let without = Self.load(
            Self.settings.replacing("---\n", with: "peers: {preshared_keys: false}\n---\n") + Self.interface
                + Self.peer("phone", "ip: 10.8.0.9\n"), .writeBack)
        #expect(without.missing.map(\.summary) == ["Peer \"phone\" of wg0 gets a key pair"])
    }

    @Test("without an id of the repository a key can't be sealed: an error that says so")
    func noRepositoryID() {
        let result = Self.load(Self.interface + Self.peer("phone", "ip: 10.8.0.9\n"), .writeBack)
        #expect(result.catalog == nil)
        #expect(result.problems.map(\.code) == [.missingField])
        #expect(result.problems.first?.message.contains("repository_id") == true)
    }

    @Test("refused, every absence is an error with the line to paste")
    func refused() {
        let result = Self.load(
            Self.settings + Self.interface + Self.peer("phone")
                + Self.peer("pc", "preshared_key: generate\n" + Self.key),
            .refused)
        #expect(result.catalog == nil && result.missing.count == 2)
        #expect(
            result.problems.map(\.suggestion) == [
                "ip: [10.8.0.2, fd42:8::2]",
                "wg genkey | tee phone.key | wg pubkey\npublic_key: <the line it prints>",
                "ip: [10.8.0.3, fd42:8::3]",
                "wg genpsk | wirebuddy secret seal --peer wg0/pc --field preshared_key\npreshared_key: <the line it prints>",
            ])
    }

    @Test("another mistake in the tree stays an error; a full pool too")
    func otherErrors() {
        let broken = Self.load(
            Self.settings + Self.interface + Self.peer("phone", Self.key + "routing: x\n"), .writeBack)
        #expect(broken.catalog == nil)
        #expect(broken.missing.isEmpty)
        let small = Self.settings + Self.interface.replacing("10.8.0.1/24, fd42:8::1/64", with: "10.8.0.1/30")
        let full = Self.load(small + Self.peer("a", "ip: 10.8.0.2\n" + Self.key) + Self.peer("b"), .writeBack)
        #expect(full.problems.map(\.code) == [.poolExhausted])
        #expect(full.missing.isEmpty)
    }

    @Test("a private key without its public key is refused")
    func lonelyPrivateKey() {
        let result = Self.load(
            Self.settings + Self.interface + Self.peer("phone", "private_key: file:phone.key\n"), .writeBack)
        #expect(result.catalog == nil)
        #expect(result.problems.contains { $0.message.contains("private_key") })
    }
}
