import Foundation
import Model
import Testing

@testable import Manifest

@Suite("Change windows in the settings")
struct WindowTests {
    private func file(_ windows: String) -> ParsedFile {
        Manifest.parse(path: "settings.yaml", bytes: Array("kind: Settings\nwindows:\(windows)\n".utf8))
    }

    private func settings(_ windows: String) throws -> Settings {
        let file = file(windows)
        #expect(file.problems.map { $0.render() } == [])
        return ManifestTree(files: [file], bytes: { _ in [] }).settings
    }

    @Test func theyAreReadAndShown() throws {
        let read = try settings(
            """

              - {action: allow, cron: "0 22 * * fri", duration: 2h, time_zone: Europe/Vienna}
              - {action: deny, cron: 0 0 20 12 *, duration: 7d}
            """)
        #expect(read.windows.map(\.action) == [.allow, .deny])
        #expect(read.windows.map(\.duration) == [.seconds(7200), .seconds(604_800)])
        #expect(read.windows.map(\.timeZone.name) == ["Europe/Vienna", "UTC"])
        let now = try #require(Timestamp("2026-11-29T10:02:00Z"))
        #expect(ChangeCalendar(read.windows).opening(from: now)?.description == "2026-12-04T21:00:00Z")
        #expect(
            JSONValue.object(SettingsKind.table.json(of: read))["windows"]?.compact
                == #"[{"action":"allow","cron":"0 22 * * fri","duration":"2h","time_zone":"Europe/Vienna"},"#
                + #"{"action":"deny","cron":"0 0 20 12 *","duration":"7d","time_zone":"UTC"}]"#)
        #expect(try settings(" []").windows.isEmpty && Settings().windows.isEmpty)
    }

    @Test("what is wrong is named with its place")
    func problems() {
        let shown = file(" [{action: allow, cron: \"0 0 31 4 *\", duration: 1h}]").problems.map { $0.render() }
        #expect(
            shown == [
                "settings.yaml:2:33: error[invalid-value]: windows.cron of Settings must be minute, hour, day of the month,"
                    + " month, day of the week as in crontab(5), such as \"0 22 * * 5\", found \"0 0 31 4 *\"\n"
                    + "    it never happens: no month of it has a day 31"
            ])
    }

    @Test("every name of the database of this host is a zone, and nothing else there is")
    func zones() throws {
        let folder = ZoneDatabase.directory
        let names = try #require(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
        #expect(names.count > 300 && !ZoneDatabase.isMissing)
        for name in names where TimeZoneRules.isName(name) {
            var isDirectory: ObjCBool = false
            guard unsafe FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isDirectory) else {
                continue
            }
            #expect((ZoneDatabase.rules(of: name) == nil) == isDirectory.boolValue, "\(name)")
        }
        for name in ["Europe/Atlantis", "Europe", "zone.tab", "../passwd", "posixrules", ""] {
            #expect(ZoneDatabase.rules(of: name) == nil, "\(name)")
        }
    }
}
