import Gateway
import Manifest
import Model
import Testing

@Suite("Bodies against what is served")
struct BodyPropertyTests {
    private static let user = "kind: User\nusername: root\nrole: admin\n"

    /// Values that fields take, as JSON; what a document says with any of them is served in one form.
    private static let values: [ResourceKind: [(field: String, values: [String])]] = [
        .peer: [
            ("dns_name", ["\"other\""]),
            ("ip", ["\"10.8.0.9\"", "[\"10.8.0.9\", \"FD42:8:0:0::9\"]", "\"fd42:8::7\""]),
            ("routing_mode", ["\"isolated\"", "\"full_tunnel\"", "\"full_tunnel_keep_lan\""]),
            ("routes", ["\"172.16.0.0/16\"", "\"172.16.0.0/16 , 172.17.0.1\"", "[]"]),
            ("endpoint", ["\"Branch.Example.net.:51820\"", "\"[2001:DB8::1]:1\""]),
            ("persistent_keepalive", ["0", "25"]), ("enabled", ["true", "false"]),
            ("expires_at", ["\"2030-01-01T01:00:00.5+01:00\""]), ("isolated", ["true", "false"]),
            ("owner", ["\"root\""]), ("dns", ["{\"log\": false}", "{\"blocklists\": [], \"enforce\": true}", "{}"]),
            ("description", ["\"\"", "\"a \\\"b\\\": # c\\n\\td\""]),
            ("labels", ["{}", "{\"z\": \"1\", \"a.b/c\": \"\"}"]), ("preshared_key", ["\"generate\""]),
        ],
        .interface: [
            ("address", ["\"10.9.0.1/24\"", "[\"10.9.0.1/24\", \"FD42:9::1/64\"]"]), ("listen_port", ["51999"]),
            ("endpoint", ["\"vpn.example.com:1\""]), ("dns", ["\"1.1.1.1, 1.0.0.1\"", "[]", "\"::1\""]),
            ("dns_search", ["\"VPN.internal.\""]), ("dns_enforce", ["true", "false"]), ("mtu", ["\"auto\"", "1400"]),
            ("mss_clamp", ["false"]),
            ("enabled", ["false"]), ("private_key", ["\"file:wg1.key\""]), ("backend", ["\"userspace\""]),
            ("table", ["\"auto\"", "\"off\"", "1234"]), ("fwmark", ["0", "51820"]),
            ("masquerade", ["true", "false", "\"eth0\"", "[\"eth0\", \"eth1\"]"]), ("ipv6", ["\"routed\""]),
            ("input", ["\"allow\"", "\"dns_only\"", "\"tcp/22, icmp\"", "[\"udp/1-2\"]", "[]"]),
            ("route_from", ["\"10.9.0.0/25\""]), ("isolate_peers", ["true"]), ("unmanaged_peers", ["\"ignore\""]),
            ("adopt", ["true"]), ("drift", ["\"report\""]), ("description", ["\"x\""]), ("labels", ["{\"a\": \"b\"}"]),
        ],
        .user: [
            ("email", ["\"A.b+c@Example.com\""]), ("full_name", ["\"Zoë O'Neil\""]), ("description", ["\"x\\ny\""]),
            ("role", ["\"admin\"", "\"user\""]), ("enabled", ["true", "false"]),
        ],
        .settings: [
            ("public_endpoint", ["\"VPN.example.com\"", "\"2001:db8::1\""]),
            ("reconcile", ["{\"interval\": \"60s\"}", "{\"drift\": \"report\", \"max_deletes\": 5}"]),
            ("peers", ["{\"mtu\": 1400, \"preshared_keys\": false}", "{\"persistent_keepalive\": 0}"]),
            (
                "rate_limits",
                ["{\"authenticated\": {\"read\": 7}, \"exempt\": \"192.0.2.1\"}", "{\"anonymous\": {\"write\": 1}}"]
            ), ("api", ["{\"session_ttl\": \"90m\"}", "{\"session_ttl\": \"90s\", \"docs\": false}"]),
        ],
        .access: [
            (
                "from",
                [
                    "{\"peers\": \"phone\"}", "{\"peers\": [\"wg0/phone\"], \"labels\": {\"a\": \"b\", \"z\": null}}",
                    "{\"interfaces\": \"wg0\", \"owners\": [\"root\"]}",
                    "{\"labels\": {\"z\": \"1\"}, \"owners\": null}",
                ]
            ),
            (
                "to",
                [
                    "\"10.0.0.5\"", "[\"10.0.0.0/8\", {\"peer\": \"phone\"}]", "{\"peer\": \"wg0/phone\"}",
                    "\"10.0.0.0/8, 2001:DB8::/32\"",
                ]
            ),
            ("ports", ["\"tcp/443\"", "[\"icmp\", \"udp/1-2\"]", "[]"]), ("action", ["\"allow\"", "\"deny\""]),
            ("default", ["\"allow\"", "\"deny\""]), ("description", ["\"x: y\""]),
        ],
        .forward: [
            ("interface", ["\"eth0\""]), ("protocol", ["\"tcp\"", "\"udp\""]), ("port", ["443", "8443"]),
            (
                "to",
                [
                    "{\"peer\": \"phone\"}", "{\"peer\": \"wg0/phone\", \"port\": 80}", "{\"port\": null}",
                    "{\"port\": 22}",
                ]
            ),
            ("from", ["\"2001:DB8::/32\"", "[\"192.0.2.1\", \"198.51.100.0/24\"]", "[]"]),
            ("description", ["\"x\""]),
        ],
    ]

    /// The kinds that intents make and change.
    private static let kinds: [ResourceKind] = [.interface, .peer, .user, .settings, .access, .forward]

    private static func document(_ kind: ResourceKind, _ tree: ManifestTree) throws -> JSONValue {
        switch kind {
        case .peer:
            let peer = try #require(tree.peer("made", of: "wg0"))
            return .object(ObjectView.peer(peer, in: tree) + [("etag", .string(ObjectTag.of(peer)))])
        case .interface:
            let interface = try #require(tree.interface("wg1"))
            return .object(ObjectView.interface(interface) + [("etag", .string(ObjectTag.of(interface)))])
        case .user:
            let user = try #require(tree.user("made"))
            return .object(ObjectView.user(user, in: tree) + [("etag", .string(ObjectTag.of(user)))])
        case .access:
            let rule = try #require(tree.accessRule("made"))
            return .object(ObjectView.access(rule) + [("etag", .string(ObjectTag.of(rule)))])
        case .forward:
            let forward = try #require(tree.forward("made"))
            return .object(ObjectView.forward(forward) + [("etag", .string(ObjectTag.of(forward)))])
        default: return .object(ObjectView.settings(tree.settings) + [("etag", .string(ObjectTag.of(tree.settings)))])
        }
    }

    private static func update(_ kind: ResourceKind, _ body: BodyEdits) -> Intent {
        switch kind {
        case .peer: .updatePeer(PeerSelector("made"), body.edits, secrets: body.secrets)
        case .interface: .updateInterface("wg1", body.edits)
        case .user: .updateUser(UserSelector("made"), body.edits)
        case .access: .updateAccess("made", body.edits)
        case .forward: .updateForward("made", body.edits)
        default: .updateSettings(body.edits)
        }
    }

    private static func base(_ kind: ResourceKind) throws -> ManifestTree {
        let tree = Trees().tree(["users/root.yaml": user])
        let withPhone = Trees().tree(["users/root.yaml": user, "peers/phone.yaml": Trees.phone])
        switch kind {
        case .peer: return try Intent.createPeer(PeerCreation(name: "made", interface: "wg0")).applied(to: tree).tree
        case .interface:
            let address = FieldEdit(["address"], .set(.string("10.9.0.1/24")))
            return try Intent.createInterface("wg1", fields: [address]).applied(to: tree).tree
        case .user: return try Intent.createUser("made", fields: []).applied(to: tree).tree
        case .access:
            let fields = [
                FieldEdit(["from", "labels", "team"], .set(.string("ops"))),
                FieldEdit(["to"], .set(.string("10.20.0.0/24"))),
            ]
            return try Intent.createAccess("made", fields: fields).applied(to: withPhone).tree
        case .forward:
            let fields = [
                FieldEdit(["port"], .set(.integer(2222))), FieldEdit(["to", "peer"], .set(.string("phone"))),
            ]
            return try Intent.createForward("made", fields: fields).applied(to: withPhone).tree
        default: return tree
        }
    }

    private static func random(_ kind: ResourceKind, _ generator: inout SeededGenerator) -> String {
        let parts = (values[kind] ?? []).compactMap { field, values -> String? in
            guard Int.random(in: 0..<3, using: &generator) == 0 else { return nil }
            let value = Int.random(in: 0..<4, using: &generator) == 0 ? nil : values.randomElement(using: &generator)
            if value == nil, ["address", "listen_port", "ip", "from", "to", "port"].contains(field) { return nil }
            return "\"\(field)\": \(value ?? "null")"
        }
        return "{" + parts.joined(separator: ", ") + "}"
    }

    @Test(
        "an unchanged body changes nothing, and a body given twice changes once",
        arguments: kinds, 1...25 as ClosedRange<UInt64>)
    func roundTrip(kind: ResourceKind, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var tree = try Self.base(kind)
        for _ in 0..<6 {
            let shown = try Self.document(kind, tree)
            let unchanged = try BodyEdits(shown.compactBytes(), kind: kind, shown: shown)
            #expect(unchanged.edits == [])
            #expect(try Self.update(kind, unchanged).run(tree).change == nil)

            let json = Self.random(kind, &generator)
            let body = try BodyEdits(Array(json.utf8), kind: kind, shown: shown)
            let (next, outcome) = try Self.update(kind, body).applied(to: tree)
            #expect(next.errors == [], "\(json)")
            let after = try Self.document(kind, next)
            if outcome.change == nil { #expect(after == shown, "\(json)") }
            if body.edits == [] { #expect(outcome.change == nil, "\(json)") }
            // A key that was generated is not generated again by what is served.
            if !json.contains("generate") {
                let again = try BodyEdits(Array(json.utf8), kind: kind, shown: after)
                let rest = again.edits.filter { $0.action != .remove && $0.path != ["private_key"] }
                #expect(rest == [], "\(json)")
                #expect(try Self.update(kind, again).applied(to: next).tree.errors == [])
            }
            tree = next
        }
    }

    @Test("equal objects have equal tags, whatever the spelling", arguments: kinds)
    func tags(kind: ResourceKind) throws {
        let tree = try Self.base(kind)
        let before = try Self.document(kind, tree)
        let (field, value) =
            switch kind {
            case .peer: ("endpoint", ("\"Branch.Example.net.:1\"", "\"branch.example.net:1\""))
            case .interface: ("dns", ("\"1.1.1.1, ::1\"", "[\"1.1.1.1\", \"0::1\"]"))
            case .user: ("role", ("\"admin\"", "\"admin\""))
            case .access: ("ports", ("\"tcp/443, icmp\"", "[\"tcp/443\", \"icmp\"]"))
            case .forward: ("from", ("\"2001:DB8::/32\"", "[\"2001:db8::/32\"]"))
            default: ("api", ("{\"session_ttl\": \"3600s\"}", "{\"session_ttl\": \"1h\"}"))
            }
        let tags = try [value.0, value.1].map { text in
            let body = try BodyEdits(Array("{\"\(field)\": \(text)}".utf8), kind: kind, shown: before)
            return try #require(try Self.document(kind, try Self.update(kind, body).applied(to: tree).tree)["etag"])
        }
        #expect(tags[0] == tags[1])
        #expect(tags[0] != before["etag"])
    }
}
