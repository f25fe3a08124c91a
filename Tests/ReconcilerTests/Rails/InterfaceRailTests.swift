import Model
import Reconciler
import Testing

/// What devices know an interface by changes only with consent, whichever way the change takes.
@Suite struct InterfaceRailTests {
    private typealias Documents = RailDocuments

    private static func files(
        port: Int = 51820, key: String? = nil, more: String = "", path: String = "interfaces/wg0.yaml"
    ) -> [String: String] {
        [
            path: Documents.interface(port: port, (key.map { "private_key: file:\($0)\n" } ?? "") + more),
            "peers/p2.yaml": Documents.peer(2),
        ]
    }

    /// What is done to the files, what happened to the host, and the rails that refuse it; nil: not a valid tree.
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var applied = InterfaceRailTests.files(key: "a")
        var files: [String: String]
        var script = ""
        var rails: [String]?
    }

    static let rows = [
        Row(testDescription: "nothing changes", files: files(key: "a"), rails: []),
        Row(testDescription: "another key", files: files(key: "b"), rails: ["re-key"]),
        Row(testDescription: "another port", files: files(port: 51821, key: "a"), rails: ["port-change"]),
        Row(testDescription: "both", files: files(port: 51821, key: "b"), rails: ["re-key", "port-change"]),
        Row(
            testDescription: "in a renamed directory", files: files(port: 51821, key: "b", path: "net/wg0.yaml"),
            rails: ["re-key", "port-change"]),
        Row(testDescription: "a renamed directory alone", files: files(key: "a", path: "net/wg0.yaml"), rails: []),
        Row(
            testDescription: "the key leaves the repository for the host's",
            files: files(), rails: ["re-key"]),
        Row(
            testDescription: "a key of the repository instead of the host's", applied: files(), files: files(key: "b"),
            rails: ["re-key"]),
        Row(
            testDescription: "after a reboot", files: files(port: 51821, key: "b"), script: "reboot",
            rails: ["re-key", "port-change"]),
        Row(
            testDescription: "with a link that somebody deleted", files: files(port: 51821, key: "b"),
            script: "ip link del wg0", rails: ["re-key", "port-change"]),
        Row(
            testDescription: "with another backend", files: files(port: 51821, key: "b", more: "backend: userspace\n"),
            rails: ["re-key", "port-change"]),
        Row(
            testDescription: "with a stop", files: files(port: 51821, key: "b", more: "enabled: false\n"),
            rails: ["re-key", "port-change"]),
        Row(testDescription: "another backend alone", files: files(key: "a", more: "backend: userspace\n"), rails: []),
        Row(
            testDescription: "as a rename", files: files(key: "a").mapValues { $0.replacing("wg0", with: "wg1") },
            rails: ["interface-removal"]),
        Row(
            testDescription: "hand-made drift", files: files(key: "a"),
            script: "wg set wg0 listen-port 5000\nwg set wg0 private-key x", rails: []),
        Row(
            testDescription: "drift beside another change", files: files(key: "a", more: "mtu: 1300\n"),
            script: "wg set wg0 listen-port 5000", rails: []),
        Row(
            testDescription: "drift of a link that is gone", files: files(key: "a"), script: "ip link del wg0",
            rails: []),
        Row(
            testDescription: "an unreadable device", files: files(port: 51821, key: "b"), script: "unreadable wg0 busy",
            rails: []),
        Row(
            testDescription: "unreadable links", files: files(port: 51821, key: "b"), script: "unreadable links busy",
            rails: []),
        Row(
            testDescription: "an empty file", files: files(key: "a").merging(["interfaces/wg0.yaml": ""]) { $1 },
            rails: nil),
        Row(
            testDescription: "a file that fails",
            files: files(key: "b").merging(["z.yaml": "kind: Interface\nname: [\n"]) { $1 }, rails: nil),
        Row(
            testDescription: "a new interface beside it",
            files: files(key: "a").merging(["wg1.yaml": Documents.interface("wg1", port: 51900)]) { $1 }, rails: []),
    ]

    @Test(arguments: rows) func refuses(_ row: Row) throws {
        let sample = RailSample(applied: row.applied, script: row.script)
        #expect(try sample.rails(row.files) == row.rails)
    }

    /// Each rail is approved by what it shows, and by the digest of the change; not by that of another change.
    @Test func consents() throws {
        let files = Self.files(port: 51821, key: "b")
        var sample = RailSample(applied: Self.files(key: "a"))
        let plan = try #require(try sample.plan(files))
        #expect(plan.refusals.count == 2)
        sample.approvals = [plan.refusals[0].digest]
        #expect(try sample.rails(files) == ["port-change"])
        sample.approvals = Set(plan.refusals.map(\.digest))
        #expect(try sample.rails(files) == [])
        sample.approvals = [try #require(plan.changes.first).digest]
        #expect(try sample.rails(files) == [])
        #expect(try sample.rails(Self.files(port: 51822, key: "b")) == ["re-key", "port-change"])
    }

    /// Nothing is known of an interface whose database was lost but what the kernel shows.
    @Test func withoutRecords() throws {
        var input = try #require(try input(Self.files(port: 51821, key: "a")))
        input.inventory.applied = [:]
        #expect(InterfaceRailTests.rails(input) == ["port-change"])
        // The port was taken when it was made: no peer knows it by another.
        input.observed.devices["wg0"]?.listenPort = 0
        #expect(InterfaceRailTests.rails(input) == [])
    }

    private func input(_ files: [String: String]) throws -> PlanInput? {
        try RailSample(applied: Self.files(key: "a")).input(files)
    }

    private static func rails(_ input: PlanInput) -> [String] { RailSample.plan(input).refusals.map(\.rail) }
}
