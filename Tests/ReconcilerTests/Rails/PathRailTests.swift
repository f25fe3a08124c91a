import Model
import Reconciler
import Testing

/// The path of who administers the gateway, and the way to the git remote, are cut only with consent.
@Suite struct PathRailTests {
    private typealias Documents = RailDocuments

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var files: [String: String]
        var script = PathRailTests.session
        var rails: [String]?
    }

    /// A session of 10.48.0.2 (peer p2) with 10.48.0.1, both of wg0.
    static let session = "session SSH 10.48.0.1:22 10.48.0.2:50000"
    /// One from outside, by eth0.
    static let outside =
        "ip addr add 203.0.113.1/24 dev eth0\nip link set eth0 up\nsession API 203.0.113.1:8080 198.51.100.9:50000"
    /// The remote in the network behind p3.
    static let remote = "remote git.example.com 10.30.0.5"

    static let applied: [String: String] = [
        "wg0.yaml": Documents.interface(), "peers/p2.yaml": Documents.peer(2),
        "peers/p3.yaml": Documents.peer(3, "routes: [10.30.0.0/16]"), "peers/p4.yaml": Documents.peer(4),
    ]

    private static func changed(_ more: [String: String?]) -> [String: String] {
        var files = applied
        for (path, text) in more { files[path] = text }
        return files
    }

    private static func interface(port: Int = 51820, _ more: String) -> [String: String] {
        changed(["wg0.yaml": Documents.interface(port: port, more)])
    }

    static let rows = [
        Row(testDescription: "nothing changes", files: applied, rails: []),
        Row(testDescription: "another peer goes", files: changed(["peers/p4.yaml": nil]), rails: []),
        Row(testDescription: "the peer goes", files: changed(["peers/p2.yaml": nil]), rails: ["admin-path"]),
        Row(
            testDescription: "the peer goes, nobody is connected", files: changed(["peers/p2.yaml": nil]), script: "",
            rails: []),
        Row(
            testDescription: "the peer is disabled",
            files: changed(["peers/p2.yaml": Documents.peer(2, "enabled: false")]),
            rails: []),
        Row(
            testDescription: "the peer gets another key",
            files: changed(["peers/p2.yaml": Documents.peer(2).replacing("AgIC", with: "CQkC")]), rails: ["admin-path"]),
        Row(
            testDescription: "the peer is renamed",
            files: changed(["peers/p2.yaml": Documents.peer(2).replacing("p2", with: "q")]),
            rails: []),
        Row(
            testDescription: "the directory is renamed",
            files: changed(["peers/p2.yaml": nil, "clients/p2.yaml": Documents.peer(2)]), rails: []),
        Row(
            testDescription: "the peer loses the address",
            files: changed(["peers/p2.yaml": Documents.peer(2).replacing("10.48.0.2", with: "10.48.0.9")]),
            rails: ["admin-path"]),
        Row(
            testDescription: "another peer takes the address",
            files: changed([
                "peers/p2.yaml": Documents.peer(2).replacing("10.48.0.2", with: "10.48.0.9"),
                "peers/p4.yaml": Documents.peer(4).replacing("10.48.0.4", with: "10.48.0.2"),
            ]), rails: ["admin-path"]),
        Row(
            testDescription: "the device needs a preshared key",
            files: changed(["peers/p2.yaml": Documents.peer(2, "preshared_key: file:a")]), rails: ["admin-path"]),
        Row(
            testDescription: "a setting that nobody notices",
            files: changed(["peers/p2.yaml": Documents.peer(2, "persistent_keepalive: 15")]), rails: []),
        Row(testDescription: "the interface stops", files: interface("enabled: false\n"), rails: ["admin-path"]),
        Row(
            testDescription: "its port moves", files: interface(port: 51821, ""), rails: ["port-change", "admin-path"]),
        Row(
            testDescription: "its key changes", files: interface("private_key: file:b\n"),
            rails: ["re-key", "admin-path"]),
        Row(
            testDescription: "its address moves",
            files: changed(["wg0.yaml": Documents.interface().replacing("10.48.0.1/24", with: "10.48.0.99/24")]),
            rails: ["admin-path"]),
        Row(
            testDescription: "the interface is renamed", files: applied.mapValues { $0.replacing("wg0", with: "wg1") },
            rails: ["interface-removal", "admin-path"]),
        Row(testDescription: "SSH is closed", files: interface("input: [udp/53]\n"), rails: ["admin-path"]),
        Row(testDescription: "SSH stays open", files: interface("input: [tcp/20-30]\n"), rails: []),
        Row(
            testDescription: "drift is healed", files: applied,
            script: session + "\nip link set wg0 down\nwg set wg0 listen-port 4000", rails: []),
        Row(
            testDescription: "the device can't be read", files: changed(["peers/p2.yaml": nil]),
            script: session + "\nunreadable wg0 busy", rails: []),
        Row(testDescription: "an empty file", files: changed(["wg0.yaml": ""]), rails: nil),
        Row(
            testDescription: "a file that fails",
            files: changed(["peers/p2.yaml": nil, "x.yaml": "kind: Peer\nname: [\n"]),
            rails: nil),
        Row(
            testDescription: "a filtered set", files: changed(["peers/p2.yaml": nil, "peers/p4.yaml": nil]),
            rails: ["admin-path"]),
        Row(
            testDescription: "outside, a peer goes", files: changed(["peers/p2.yaml": nil]), script: outside, rails: []),
        Row(
            testDescription: "outside, a new route captures it",
            files: changed(["peers/p4.yaml": Documents.peer(4, "routes: [198.51.100.0/24]")]), script: outside,
            rails: ["admin-path"]),
        Row(
            testDescription: "outside, another route",
            files: changed(["peers/p4.yaml": Documents.peer(4, "routes: [198.51.101.0/24]")]), script: outside,
            rails: []),
        Row(
            testDescription: "outside, a default route captures it",
            files: changed(["peers/p4.yaml": Documents.peer(4, "routes: [0.0.0.0/0]")]), script: outside,
            rails: ["admin-path"]),
        Row(
            testDescription: "outside, a default route for peers alone",
            files: changed([
                "peers/p4.yaml": Documents.peer(4, "routes: [0.0.0.0/0]"),
                "wg0.yaml": Documents.interface("wg0", port: 51820, "route_from: [10.48.0.0/24]\n"),
            ]), script: outside, rails: []),
        Row(
            testDescription: "outside, a new interface covers it",
            files: changed(["wg1.yaml": "kind: Interface\nname: wg1\naddress: [198.51.100.1/24]\nlisten_port: 51900\n"]
            ),
            script: outside, rails: ["admin-path"]),
        Row(testDescription: "the remote stays", files: changed(["peers/p4.yaml": nil]), script: remote, rails: []),
        Row(
            testDescription: "the peer before the remote goes", files: changed(["peers/p3.yaml": nil]), script: remote,
            rails: ["remote-path"]),
        Row(
            testDescription: "the route to the remote goes", files: changed(["peers/p3.yaml": Documents.peer(3)]),
            script: remote, rails: ["remote-path"]),
        Row(
            testDescription: "the peer before the remote is disabled",
            files: changed(["peers/p3.yaml": Documents.peer(3, "enabled: false")]), script: remote, rails: []),
        Row(
            testDescription: "a new route captures the remote",
            files: changed(["peers/p4.yaml": Documents.peer(4, "routes: [198.51.100.0/24]")]),
            script: "remote git.example.com 198.51.100.77", rails: ["remote-path"]),
    ]

    @Test(arguments: rows) func refuses(_ row: Row) throws {
        let plan = try RailSample(applied: Self.applied, script: row.script).plan(row.files)
        #expect(plan?.refusals.map(\.rail) == row.rails)
        // What cuts a path is what may lock somebody out, and nothing else is.
        let cutting = Set(
            plan?.refusals.filter { ["admin-path", "remote-path"].contains($0.rail) }.flatMap(\.changes) ?? [])
        let risks = plan?.changes.indices.filter { plan?.changes[$0].impact == .lockoutRisk } ?? []
        #expect(Set(risks) == cutting)
    }

    @Test func consents() throws {
        let files = Self.changed(["peers/p2.yaml": nil])
        var sample = RailSample(applied: Self.applied, script: Self.session)
        let plan = try #require(try sample.plan(files))
        let refusal = try #require(plan.refusals.first)
        #expect(
            refusal.message
                == "the SSH connection from 10.48.0.2 is reached through peer wg0/p2, and would be cut: you may be locked out"
        )
        for digest in [refusal.digest, plan.changes[refusal.changes[0]].digest] {
            sample.approvals = [digest]
            let approved = try #require(try sample.plan(files))
            #expect(approved.refusals == [] && approved.changes[refusal.changes[0]].impact == .lockoutRisk)
        }
    }
}
