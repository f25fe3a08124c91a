import Model
import Testing

@testable import Manifest

@Suite("Probes in the settings")
struct ProbeTests {
    private func parse(_ probes: String) -> (Settings, [String]) {
        let yaml = "kind: Settings\nprobes: \(probes)\n"
        let file = Manifest.parse(path: "settings.yaml", bytes: Array(yaml.utf8))
        let tree = ManifestTree(files: [file], bytes: { _ in Array(yaml.utf8) })
        return (tree.settings, file.problems.map { $0.render() })
    }

    @Test func theyAreReadInOneForm() {
        let (settings, problems) = parse(
            #"[{tcp: "Web.example.:443"}, {http: "https://intranet.example/a?b"}, "#
                + #"{ping: "2001:DB8::7", timeout: 10s}]"#)
        #expect(problems == [])
        #expect(
            settings.probes == [
                Settings.Probe(.tcp, "web.example:443"), Settings.Probe(.http, "https://intranet.example/a?b"),
                Settings.Probe(.ping, "2001:db8::7", timeout: .seconds(10)),
            ])
        let shown = JSONValue.object(SettingsKind.table.json(of: settings))["probes"]?.compact
        #expect(
            shown == #"[{"tcp":"web.example:443","timeout":"2s"},"#
                + #"{"http":"https://intranet.example/a?b","timeout":"2s"},"#
                + #"{"ping":"2001:db8::7","timeout":"10s"}]"#)
        #expect(Settings().probes == [])
    }

    @Test func oneThatStandsTwiceIsRefusedWhateverItsTimeout() {
        let (_, problems) = parse(#"[{tcp: "a.example:1"}, {tcp: "A.example:1", timeout: 3s}]"#)
        #expect(
            problems == [
                "settings.yaml:2:32: error[invalid-value]: probes of Settings has \"tcp a.example:1\" twice\n"
                    + "    remove one of them"
            ])
    }

    @Test func thereIsAnEndToTheirNumber() {
        let many = { (count: Int) in "[" + (1...count).map { "{ping: 10.0.0.\($0)}" }.joined(separator: ", ") + "]" }
        #expect(parse(many(32)).0.probes.count == 32)
        #expect(parse(many(33)).1.map { $0.contains("must have at most 32 elements") } == [true])
    }

    @Test(arguments: [
        "[{http: https://alice:T0K3N@a.example/}]", "[{tcp: alice:T0K3N@a.example:1}]", "[https://x:T0K3N@a.example]",
        "[{ping: https://alice:T0K3N@a.example}]",
    ])
    func aPasswordIsRefusedAndNotRepeated(_ probes: String) {
        let (settings, problems) = parse(probes)
        #expect(settings.probes == [] && problems.count == 1)
        #expect(problems.allSatisfy { $0.contains("user and password") && !$0.contains("T0K3N") })
    }
}
