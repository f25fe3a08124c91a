import Manifest
import Model
import Testing

@Suite("Access and forwards in the tree")
struct AccessTreeTests {
    private static let files = [
        "access/contractors.yaml": """
        kind: Access
        # who is here for the project
        name: contractors
        from:
          labels: {team: contractors}
          peers:
            - wg0/bob-laptop   # until June
        to: [10.8.0.0/24, {peer: build-server}]
        ports: tcp/443

        """,
        "forwards.yaml": """
        kind: Forward
        name: game
        port: 25565
        to: {peer: game-server}
        ---
        kind: Forward
        name: web
        protocol: tcp
        port: 443
        interface: eth0
        to: {peer: wg0/web-server, port: 8443}
        from: 198.51.100.0/24

        """,
    ]

    private static var tree: ManifestTree {
        ManifestTree(files: files.map { Manifest.parse(path: $0.key, bytes: Array($0.value.utf8)) }) { path in
            Array((files[path] ?? "").utf8)
        }
    }

    private func text(_ value: JSONValue) -> String { String(decoding: value.compactBytes(), as: UTF8.self) }

    @Test("documents become values of the model")
    func values() throws {
        let tree = Self.tree
        #expect(tree.files.flatMap(\.problems) == [])
        var rule = AccessRule(
            name: "contractors", from: AccessSources(),
            to: [
                .prefix(try #require(Prefix("10.8.0.0/24"))), .peer(PeerReference(name: "build-server")),
            ], location: SourceLocation(path: "access/contractors.yaml", line: 1, column: 1))
        rule.from.labels = ["team": "contractors"]
        rule.from.peers = [PeerReference(name: "bob-laptop", interface: "wg0")]
        rule.ports = [try #require(Service("tcp/443"))]
        #expect(tree.accessRule("contractors") == rule)
        #expect(rule.effectiveFallback == .deny)
        #expect(tree.accessRules == [rule])
        let forwards = tree.forwards
        #expect(forwards.map(\.name) == ["game", "web"])
        #expect(forwards[0].transport == .tcp && forwards[0].targetPort == 25565 && forwards[0].interface == nil)
        var web = Forward(
            name: "web", port: 443, to: Forward.Target(peer: PeerReference(name: "web-server", interface: "wg0")),
            location: SourceLocation(path: "forwards.yaml", line: 6, column: 1))
        web.to.port = 8443
        web.interface = "eth0"
        web.from = [try #require(Prefix("198.51.100.0/24"))]
        #expect(tree.forward("web") == web)
        #expect(tree.place(of: .forward("web"))?.document == 1)
        #expect(ObjectIdentity.access("contractors").description == "Access contractors")
        #expect(tree.accessRule("other") == nil && tree.forward("contractors") == nil)
    }

    @Test("what is shown has every field, and is what a body may say")
    func shown() throws {
        let tree = Self.tree
        let rule = JSONValue.object(try #require(tree.json(of: .access("contractors"))))
        #expect(
            text(rule)
                == #"{"name":"contractors","from":{"peers":["wg0/bob-laptop"],"labels":{"team":"contractors"},"#
                + #""owners":[],"interfaces":[]},"to":["10.8.0.0/24",{"peer":"build-server"}],"ports":["tcp/443"],"#
                + #""action":"allow","default":null,"description":""}"#)
        let forward = JSONValue.object(try #require(tree.json(of: .forward("game"))))
        #expect(
            text(forward) == #"{"name":"game","interface":null,"protocol":"tcp","port":25565,"#
                + #""to":{"peer":"game-server","port":null},"from":[],"description":""}"#)
        for (kind, shown) in [(ResourceKind.access, rule), (.forward, forward)] {
            let body = try JSONBody(shown.compactBytes())
            let same = Manifest.changes(of: body, kind: kind, shown: shown)
            #expect(same.changes.isEmpty && same.faults.isEmpty)
            let created = Manifest.changes(of: body, kind: kind, shown: nil)
            #expect(created.faults.isEmpty && !created.changes.isEmpty)
        }
    }

    @Test("bodies change selectors one by one, and lists as a whole")
    func bodies() throws {
        let shown = JSONValue.object(try #require(Self.tree.json(of: .access("contractors"))))
        let body = try JSONBody(
            Array(
                """
                {"from": {"labels": {"team": null, "site": "berlin"}, "peers": ["bob-laptop"], "owners": []},
                 "to": ["10.8.0.0/24", {"peer": "build-server"}, {"peer": "fd42::1"}], "default": "allow"}
                """.utf8))
        let changes = Manifest.changes(of: body, kind: .access, shown: shown)
        #expect(
            changes.changes.map(\.path) == [
                ["from", "labels", "team"], ["from", "labels", "site"], ["from", "peers"], ["default"],
            ])
        #expect(changes.faults.map(\.field) == ["to"])
        let missing = Manifest.changes(of: try JSONBody(Array("{}".utf8)), kind: .access, shown: nil)
        #expect(missing.faults.map(\.message) == ["Access needs name", "Access needs from", "Access needs to"])

        let forward = JSONValue.object(try #require(Self.tree.json(of: .forward("game"))))
        let update = try JSONBody(Array(#"{"to": {"port": 1, "peer": null}, "name": "x", "protocol": null}"#.utf8))
        let found = Manifest.changes(of: update, kind: .forward, shown: forward)
        #expect(found.faults.map(\.field) == ["to.peer", "name"])
        #expect(found.changes.map(\.path) == [["to", "port"], ["protocol"]])
    }

    @Test("equal documents have one canonical form, whatever their spelling")
    func canonicalForms() throws {
        let (plain, other) = (
            "kind: Access\nname: a\nfrom: {peers: phone}\nto: {peer: nas}\n",
            "{kind: Access, to: [{peer: nas}], from: {labels: {}, peers: [phone]}, name: \"a\", ports: [], action: allow}\n"
        )
        let forms = try [plain, other, plain + "default: deny\n"].map { text in
            let tree = ManifestTree(files: [Manifest.parse(path: "a.yaml", bytes: Array(text.utf8))]) { _ in [] }
            return Manifest.canonicalForm(of: try #require(tree.accessRule("a")))
        }
        #expect(forms[0] == forms[1])
        #expect(forms[0] != forms[2])
    }

    @Test("an edit of a selector keeps the comments")
    func edits() throws {
        let text = Array((Self.files["access/contractors.yaml"] ?? "").utf8)
        let edits: [Edit] = [
            .append(document: 0, path: ["from", "peers"], value: .string("wg0/eve-laptop")),
            .set(document: 0, path: ["from", "labels", "site"], value: .string("berlin")),
            .append(document: 0, path: ["to"], value: .map([EditField("peer", .string("nas"))])),
            .set(document: 0, path: ["default"], value: .string("allow")),
        ]
        let after = try ManifestEditor.apply(edits, to: text, path: "access/contractors.yaml")
        #expect(
            String(decoding: after, as: UTF8.self) == """
                kind: Access
                # who is here for the project
                name: contractors
                from:
                  labels: {team: contractors, site: berlin}
                  peers:
                    - wg0/bob-laptop   # until June
                    - wg0/eve-laptop
                to: [10.8.0.0/24, {peer: build-server}, {peer: nas}]
                ports: tcp/443
                default: allow

                """)
    }
}
