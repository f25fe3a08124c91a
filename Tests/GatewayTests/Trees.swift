import Credentials
import Gateway
import Manifest
import Model
import Testing

/// Trees in memory, and the host that can open what they seal.
struct Trees {
    static let repositoryID = "11111111-2222-4333-8444-555555555555"
    let host = KeyPair.generate()

    /// The settings, `wg0` with two families, `wg1` with one, and the recipients.
    var files: [String: String] {
        [
            "settings.yaml": "kind: Settings\nrepository_id: \(Self.repositoryID)\n",
            "interfaces/wg0.yaml": """
            # yaml-language-server: $schema=../.schemas/interface.schema.json
            kind: Interface
            name: wg0
            address: [10.8.0.1/24, fd42:8::1/64]
            listen_port: 51820

            """,
            "recipients.yaml": """
            kind: Recipients
            recipients:
              - {name: gateway, key: "\(host.publicKey)", role: host}
              - {name: recovery, key: "\(KeyPair.generate().publicKey)", role: recovery}

            """,
        ]
    }

    static let phone = """
        # Anna's.
        kind: Peer
        name: phone            # shown in the list
        interface: wg0
        ip: [10.8.0.2, "fd42:8::2"]
        public_key: "6Nd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM="

        # Only the tunnel's own network.
        routing_mode: vpn_only
        routes:
          - 192.168.50.0/24    # home
          - 192.168.51.0/24

        """

    /// A tree of these files.
    static func tree(_ files: [String: String]) -> ManifestTree {
        let bytes = files.mapValues { Array($0.utf8) }
        return ManifestTree(
            files: bytes.keys.sorted().map { Manifest.parse(path: $0, bytes: bytes[$0] ?? []) },
            bytes: { bytes[$0] ?? [] })
    }

    /// The tree with more files.
    func tree(_ more: [String: String] = [:]) -> ManifestTree {
        Self.tree(files.merging(more) { $1 })
    }

    /// The secret of a peer's field, opened with the host's key.
    func open(_ reference: SecretReference?, field: String, of key: PublicKey) throws -> SecretKey {
        let text = try #require(reference).text
        let opener = SecretOpener([try RecipientKey(host.privateKey)], of: "the test")
        let context = SecretContext.peer(key, field: field, repositoryID: Self.repositoryID)
        return try opener.openKey(text, for: context)
    }
}

extension Intent {
    /// What it makes of a tree: the next tree and what was said.
    func applied(to tree: ManifestTree) throws -> (tree: ManifestTree, outcome: IntentOutcome) {
        let outcome = try run(tree)
        var next = tree
        if let change = outcome.change { next.apply(change) }
        return (next, outcome)
    }
}

extension ManifestTree {
    /// The text of a file.
    func text(_ path: String) throws -> String? { try bytes(of: path).map { String(decoding: $0, as: UTF8.self) } }

    /// The errors of the whole tree.
    var errors: [String] {
        result(now: Timestamp(seconds: 1_800_000_000)).problems.filter { $0.severity == .error }.map { $0.render() }
    }
}
