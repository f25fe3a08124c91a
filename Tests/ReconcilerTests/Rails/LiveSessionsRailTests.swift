import Reconciler
import Testing

/// A revision ends few sessions at once, or is approved.
@Suite struct LiveSessionsRailTests {
    private typealias Documents = RailDocuments

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var files: [String: String]
        var script = LiveSessionsRailTests.live
        var rails: [String]?
    }

    private static let limit = "kind: Settings\nreconcile:\n  max_live_sessions: 2\n  max_deletes_percent: 100\n"

    static let applied: [String: String] = {
        var files = ["wg0.yaml": Documents.interface(), "settings.yaml": limit]
        for number in UInt8(2)...12 { files["peers/p\(number).yaml"] = Documents.peer(number) }
        return files
    }()

    /// Four of eleven peers are connected.
    static let live = Documents.handshakes(2...5)

    private static func without(_ numbers: ClosedRange<UInt8>) -> [String: String] {
        var files = applied
        for number in numbers { files["peers/p\(number).yaml"] = nil }
        return files
    }

    private static func changed(_ numbers: ClosedRange<UInt8>, _ more: String) -> [String: String] {
        var files = applied
        for number in numbers { files["peers/p\(number).yaml"] = Documents.peer(number, more) }
        return files
    }

    static let rows = [
        Row(testDescription: "nothing changes", files: applied, rails: []),
        Row(testDescription: "two sessions end", files: without(2...3), rails: []),
        Row(testDescription: "three sessions end", files: without(2...4), rails: ["live-sessions"]),
        Row(testDescription: "peers go that are not connected", files: without(6...9), rails: []),
        Row(
            testDescription: "devices need new keys", files: changed(2...4, "preshared_key: file:a"),
            rails: ["live-sessions"]),
        Row(testDescription: "nobody notices", files: changed(2...5, "persistent_keepalive: 15"), rails: []),
        Row(testDescription: "revocations", files: changed(2...5, "enabled: false"), rails: []),
        Row(
            testDescription: "keys instead of deletions",
            files: without(2...4).merging(
                Dictionary(uniqueKeysWithValues: (UInt8(22)...24).map { ("peers/q\($0).yaml", Documents.peer($0)) })
            ) { $1 }, rails: ["live-sessions"]),
        Row(
            testDescription: "the interface stops",
            files: applied.merging(["wg0.yaml": Documents.interface("wg0", port: 51820, "enabled: false\n")]) { $1 },
            rails: ["live-sessions"]),
        Row(
            testDescription: "drift that is healed", files: applied,
            script: live + "\nip link set wg0 down\nwg set wg0 listen-port 4000", rails: []),
        Row(
            testDescription: "the device can't be read", files: without(2...5), script: "unreadable wg0 busy", rails: []
        ),
        Row(
            testDescription: "a file that fails",
            files: without(2...5).merging(["x.yaml": "kind: Peer\nname: [\n"]) { $1 },
            rails: nil),
        Row(
            testDescription: "a renamed directory",
            files: Dictionary(
                uniqueKeysWithValues: applied.map { ($0.key.replacing("peers/", with: "clients/"), $0.value) }),
            rails: []),
        Row(
            testDescription: "a filtered set",
            files: without(2...12).merging(["peers/p12.yaml": Documents.peer(12)]) { $1 },
            rails: ["live-sessions"]),
    ]

    @Test(arguments: rows) func refuses(_ row: Row) throws {
        #expect(try RailSample(applied: Self.applied, script: row.script).rails(row.files) == row.rails)
    }

    /// The sessions of an interface and those of its peers are the same ones; who was approved is not counted.
    @Test func counts() throws {
        var files = Self.without(2...3)
        files["wg0.yaml"] = Documents.interface("wg0", port: 51820, "enabled: false\n")
        var sample = RailSample(applied: Self.applied, script: Self.live)
        let refusal = try #require(try sample.plan(files)?.refusals.first)
        #expect(refusal.message == "4 live sessions would end or need a new configuration; the limit is 2")
        sample.approvals = [refusal.digest]
        #expect(try sample.rails(files) == [])
        let plan = try #require(try sample.plan(Self.without(2...4)))
        sample.approvals = [plan.changes[0].digest]
        #expect(try sample.rails(Self.without(2...4)) == [])
    }
}
