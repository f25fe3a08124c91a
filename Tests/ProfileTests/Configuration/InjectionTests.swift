import Model
import Profile
import Testing

/// Values that would add a line of their own: the model's parsers refuse them, and so does the last step before the
/// text, for callers that make values by hand.
@Suite("Nothing adds a line to a configuration")
struct InjectionTests {
    static let lineEnds = ["\n", "\r", "\r\n", "\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}", "\0"]

    @Test("a name stays in its comment", arguments: lineEnds)
    func name(end: String) throws {
        var sample = try Sample()
        sample.peer.name = "x\(end)PostUp = touch /tmp/pwned\(end)"
        let text = try sample.text()
        #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
        #expect(!text.unicodeScalars.contains { $0 == "\u{2028}" || $0 == "\u{2029}" })
        let lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
        #expect(lines.count == (try Sample().text().utf8.split(separator: 10, omittingEmptySubsequences: false).count))
        #expect(!lines.contains { $0.starts(with: "PostUp".utf8) })
    }

    @Test("search domains and endpoints are host names", arguments: lineEnds + [" ", ",", "#", "=", "a b", "é"])
    func hostNames(text: String) throws {
        var sample = try Sample()
        sample.interface.dnsSearch = ["vpn\(text)internal"]
        #expect(throws: ProfileFailure.self) { try sample.text() }
        sample.interface.dnsSearch = []
        sample.interface.endpoint = Endpoint(host: .name("vpn\(text)internal"), port: 1)
        #expect(throws: ProfileFailure.self) { try sample.text() }
        sample.interface.endpoint = nil
        sample.settings.publicEndpoint = .name("vpn\(text)internal")
        #expect(throws: ProfileFailure.self) { try sample.text() }
    }
}
