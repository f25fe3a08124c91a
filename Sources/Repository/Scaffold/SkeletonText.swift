import Manifest
import Model

/// The files of a new configuration repository.
struct SkeletonText {
    let publicEndpoint: Endpoint.Host?
    let repositoryID: String
    let branch: String
    let hostKey: PublicKey?
    let admin: Scaffold.Admin?

    /// The folder of the schemas that the modelines name. It is hidden, so that it isn't taken for configuration.
    static let schemas = ".schemas"

    /// The files, by path relative to the root.
    var files: [(path: String, text: String)] {
        [
            ("settings.yaml", settings), ("interfaces/wg0.yaml", Self.interface),
            ("peers/wg0/laptop.yaml.example", Self.peer), (".gitignore", Self.ignored), ("README.md", readme),
        ] + (hostKey.map { [("recipients.yaml", Self.recipients($0))] } ?? [])
            + (admin.map { [("users/\($0.username).yaml", Self.user($0))] } ?? [])
    }

    /// What an admin should know.
    var notes: [String] { endpointNotes + sealingNotes }

    private var sealingNotes: [String] {
        guard hostKey != nil else { return [] }
        return [
            "secrets are sealed to the key of this host alone: `wirebuddy secret recipients generate recovery"
                + " --role recovery` makes a key to keep elsewhere, for the day this host is lost"
        ]
    }

    private var endpointNotes: [String] {
        switch publicEndpoint {
        case nil: ["no default route was found: write the address or name that devices dial into settings.yaml"]
        case .address(let address) where DefaultRouteAddress.isPrivate(address):
            [
                "\(address) is a private address: write the public address or name of your router into settings.yaml,"
                    + " and forward UDP port 51820 there to this host"
            ]
        default: []
        }
    }

    private var endpointLine: String {
        switch publicEndpoint {
        case nil: "# public_endpoint: vpn.example.com"
        case .name(let name): "public_endpoint: \(name)"
        case .address(let address):
            address.family == .ipv4 ? "public_endpoint: \(address)" : "public_endpoint: \"\(address)\""
        }
    }

    private var settings: String {
        let warning =
            if case .address(let address) = publicEndpoint, DefaultRouteAddress.isPrivate(address) {
                """
                # WARNING: this is a private address, devices outside your network can't reach it. Write the public address
                # or name of your router here, and forward UDP port 51820 there to this host.

                """
            } else {
                ""
            }
        return """
            # yaml-language-server: $schema=\(Self.schemas)/settings.schema.json
            kind: Settings
            # The identity of this repository. Keep it, also in copies for other branches.
            repository_id: \(repositoryID)
            # What devices dial: a name or address of this gateway; the port is the interface's.
            \(warning)\(endpointLine)
            # The loop looks every 30 s and heals what others changed. It refuses to delete much at once.
            # reconcile: {interval: 30s, drift: heal, max_deletes: 10, max_deletes_percent: 20}

            """
    }

    private static func recipients(_ key: PublicKey) -> String {
        """
        # yaml-language-server: $schema=\(schemas)/recipients.schema.json
        # Who can open the secrets that stand sealed in this repository. Whoever has the files can seal.
        # Add a recovery key, and keep its file away from the gateway, else sealed secrets are lost with this host:
        #   wirebuddy secret recipients generate recovery --role recovery
        kind: Recipients
        recipients:
          - name: gateway
            key: \(key)
            role: host

        """
    }

    private static func user(_ admin: Scaffold.Admin) -> String {
        let document = ManifestEditor.newFile([
            .map([
                EditField("kind", .string("User")), EditField("username", .string(admin.username)),
                EditField("role", .string("admin")), EditField("password_hash", .string(admin.passwordHash)),
            ])
        ])
        return """
            # yaml-language-server: $schema=../\(schemas)/user.schema.json
            # Who may use the API. Of the password there is only the hash: `wirebuddy user hash-password` makes another one.
            \(String(decoding: document, as: UTF8.self))
            """
    }

    static let interface = """
        # yaml-language-server: $schema=../\(schemas)/interface.schema.json
        kind: Interface
        name: wg0
        # The gateway's own address and, by its length, the network of the tunnel. With IPv6:
        # address: [10.8.0.1/24, fd42:8::1/64]
        address: 10.8.0.1/24
        listen_port: 51820
        # Everything else has a default that works: the private key is made on the host and never leaves it, peers may reach
        # each other and the gateway, and what they send to the internet leaves with the gateway's address (masquerade).
        # isolate_peers: true
        # input: [icmp, tcp/22, udp/53]

        """

    private static let peer = """
        # yaml-language-server: $schema=../../\(schemas)/peer.schema.json
        # An example: copy it to laptop.yaml and write the device's public key. On the device:
        #   wg genkey | tee private.key | wg pubkey
        kind: Peer
        name: laptop
        interface: wg0
        ip: 10.8.0.2
        public_key: <the line that wg pubkey prints>
        # full_tunnel: the whole internet through the tunnel; vpn_only: only the tunnel's own network.
        routing_mode: full_tunnel
        # expires_at: 2030-01-01T00:00:00Z
        # isolated: true

        """

    private static let ignored = """
        # Private keys never belong here; nor do editors' files.
        *.key
        *.psk
        *~
        *.swp
        .DS_Store

        """

    private var readme: String {
        """
        # The gateway's configuration

        The desired state of the gateway is the head of the branch `\(branch)`: what is committed is applied.

        - `settings.yaml`: the gateway as a whole
        - `interfaces/`: one file per WireGuard interface
        - `peers/<interface>/`: one file per peer; `laptop.yaml.example` shows one
        - `users/`: who may use the API
        - `recipients.yaml`, where there is one: who can open the secrets that stand sealed in the files

        Any other layout of `*.yaml` files works too. Check before you commit:

        ```
        wirebuddy validate
        wirebuddy plan --worktree
        git add -A && git commit
        ```

        Removing a peer's file removes the peer; `enabled: false` cuts it off and keeps it.

        """
    }
}
