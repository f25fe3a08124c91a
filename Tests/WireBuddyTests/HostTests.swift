import Foundation
import Manifest
import Model
import Testing

@testable import wirebuddy

@Suite("Host settings and checks")
struct HostTests {
    private static func settings(_ config: String? = nil, state: String? = nil) -> HostSettings {
        HostSettings(config: config, state: state, hostFile: nil, file: HostConfiguration())
    }

    @Test("flags come before the host file, the host file before defaults, and each says so")
    func origins() {
        var file = HostConfiguration()
        file.config = "/srv/a"
        file.state = "/srv/state"
        file.userspace = "boringtun-cli"
        let settings = HostSettings(config: "/srv/b", state: nil, hostFile: nil, file: file)
        #expect(settings.config == .init(content: "/srv/b", origin: .flag("--config")))
        #expect(settings.state == .init(content: "/srv/state", origin: .hostFile))
        #expect(settings.secretsDirectory == .init(content: "/srv/state/secrets", origin: .builtIn))
        #expect(settings.branch == .init(content: "main", origin: .builtIn))
        #expect(settings.table.map(\.name).count == Set(settings.table.map(\.name)).count)
        #expect(settings.table.first { $0.name == "userspace" }?.value == "boringtun-cli")
    }

    @Test("a state directory below a file can't be written, and the check leaves nothing behind")
    func stateDirectory() throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("wirebuddy-\(UUID())")
        try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: base) }
        let missing = base.appendingPathComponent("a/b").path
        #expect(HostChecks(settings: Self.settings(state: missing)).state().failure == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: base.path) == [])
        let file = base.appendingPathComponent("file")
        try Data("x".utf8).write(to: file)
        let below = HostChecks(settings: Self.settings(state: file.appendingPathComponent("state").path))
        let line = try #require(below.state().failure)
        #expect(line.contains("not a directory") && line.contains("--state") && !line.contains("\n"))
    }

    @Test("a configuration that is not there names init")
    func configuration() throws {
        let line = try #require(HostChecks(settings: Self.settings("/nonexistent/gw")).config().failure)
        #expect(line.contains("/nonexistent/gw") && line.contains("wirebuddy init"))
    }

    @Test("a program that is not there is named with its package")
    func program() throws {
        let checks = HostChecks(settings: Self.settings())
        let line = try #require(checks.program("no-such-program", for: "the test", package: "nothing").failure)
        #expect(line.contains("no-such-program") && line.contains("apt-get install nothing"))
        #expect(checks.program("/bin/sh", for: "the test", package: "dash").failure == nil)
    }

    @Test("a clock before this program was made is wrong")
    func clock() {
        let checks = HostChecks(settings: Self.settings())
        #expect(checks.clock(Timestamp(seconds: 0)).failure != nil)
        #expect(checks.clock(Timestamp(seconds: 1_800_000_000)).failure == nil)
    }

    @Test(
        "durations",
        arguments: [
            ("30s", 30), ("5m", 300), ("12h", 43_200), ("30d", 2_592_000), ("0s", nil), ("5", nil), ("-1h", nil),
            ("1w", nil), ("", nil), ("h", nil), ("999999999d", nil), ("1.5h", nil),
        ] as [(String, Int64?)])
    func durations(_ text: String, _ seconds: Int64?) {
        #expect(TimeSpan(argument: text)?.seconds == seconds)
    }
}
