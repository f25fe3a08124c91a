import Model
import Testing

@testable import Manifest

@Suite("Receivers of messages in the settings")
struct NotificationTests {
    static let yaml = """
        kind: Settings
        notifications:
          - url: https://chat.example:8443/hooks/T0K3N?room=a
            kinds: [drift, revocation-failed]
            secret: file:hook.key
            window: 10m
          - url: http://10.0.0.5:8065/
          - {url: "https://plain.example"}
        """

    private func settings(_ yaml: String = yaml) throws -> Settings {
        let file = Manifest.parse(path: "settings.yaml", bytes: Array(yaml.utf8))
        #expect(file.problems.map { $0.render() } == [])
        return ManifestTree(files: [file], bytes: { _ in Array(yaml.utf8) }).settings
    }

    private func shown(_ settings: Settings) -> JSONValue { .object(SettingsKind.table.json(of: settings)) }

    private func changes(_ json: String, _ settings: Settings) throws -> BodyChanges {
        let body = try JSONBody(Array(json.utf8))
        return Manifest.changes(of: body, kind: .settings, shown: shown(settings))
    }

    @Test func theyAreRead() throws {
        #expect(
            try settings().notifications == [
                Settings.Notification(
                    url: "https://chat.example:8443/hooks/T0K3N?room=a", kinds: [.drift, .revocationFailed],
                    secret: .file("hook.key"), window: .seconds(600)),
                Settings.Notification(url: "http://10.0.0.5:8065/"),
                Settings.Notification(url: "https://plain.example"),
            ])
    }

    @Test("of an address scheme and host are shown, of a key whether there is one")
    func masked() throws {
        let text = shown(try settings())["notifications"]?.compact ?? ""
        #expect(
            text
                == #"[{"url":"https://chat.example:8443/…","kinds":["drift","revocation-failed"],"has_secret":true,"#
                + #""window":"10m","at":"07:00","always":false},"#
                + #"{"url":"http://10.0.0.5:8065","kinds":[],"has_secret":false,"#
                + #""window":"1h","at":"07:00","always":false},"#
                + #"{"url":"https://plain.example","kinds":[],"has_secret":false,"#
                + #""window":"1h","at":"07:00","always":false}]"#)
    }

    @Test("an object that differs in what is not shown is another one")
    func canonical() throws {
        let other = try settings(Self.yaml.replacing("T0K3N", with: "0TH3R"))
        let form = { (settings: Settings) in SettingsKind.table.canonicalForm(of: settings, kind: "Settings") }
        #expect(try form(settings()) != form(other))
        #expect(try shown(settings()) == shown(other))
    }

    @Test("what is shown changes nothing, in whatever order")
    func unchanged() throws {
        let settings = try settings()
        let whole = try changes(shown(settings).compact, settings)
        #expect(whole.changes == [] && whole.faults == [])
        let sorted = """
            {"notifications": [
              {"has_secret": true, "kinds": ["drift", "revocation-failed"], "secret": null,
               "url": "https://chat.example:8443/…", "window": "10m", "always": false, "at": "07:00"},
              {"has_secret": false, "kinds": [], "url": "http://10.0.0.5:8065", "window": "1h",
               "at": "07:00", "always": false},
              {"has_secret": false, "kinds": [], "url": "https://plain.example", "window": "1h",
               "at": "07:00", "always": false}]}
            """
        let same = try changes(sorted, settings)
        #expect(same.changes == [] && same.faults == [])
    }

    @Test("a change gives every receiver whole")
    func changed() throws {
        let settings = try settings()
        let given = try changes(
            #"{"notifications": [{"url": "https://a.example/x", "secret": "env:KEY", "has_secret": true, "kinds": null}]}"#,
            settings)
        #expect(given.faults == [])
        #expect(given.changes.map(\.path) == [["notifications"]])
        #expect(
            given.changes.first?.value
                == .list([
                    .map([EditField("url", .string("https://a.example/x")), EditField("secret", .string("env:KEY"))])
                ]))
        let gone = try changes(#"{"notifications": null}"#, settings)
        #expect(gone.changes == [BodyChange(path: ["notifications"], value: nil)])
    }

    @Test(
        "what relies on something that is not shown is refused, and so is a plain key, without telling it",
        arguments: [
            #"[{"url": "https://chat.example:8443/…"}]"#, #"[{"url": "https://a.example", "has_secret": true}]"#,
            #"[{"url": "https://a.example", "secret": "T0K3N"}]"#, #"[{"url": "ftp://a.example/T0K3N"}]"#,
            #"[{"kinds": ["drift"]}]"#, #"["https://a.example/T0K3N"]"#, #"[{"url": "https://a.example", "key": 1}]"#,
        ])
    func refused(list: String) throws {
        let found = try changes("{\"notifications\": \(list)}", settings())
        #expect(found.changes == [])
        #expect(found.faults.map(\.field) == ["notifications"])
        #expect(found.faults.first?.message.contains("T0K3N") == false)
    }
}
