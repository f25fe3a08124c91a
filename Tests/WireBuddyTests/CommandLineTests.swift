import ArgumentParser
import Logging
import Model
import Testing

@testable import wirebuddy

@Suite("Command line")
struct CommandLineTests {
    @Test("words are quoted for the shell only where needed")
    func shellWords() {
        #expect(ShellWord.quoted("/etc/wirebuddy") == "/etc/wirebuddy")
        #expect(ShellWord.quoted("a b") == "'a b'")
        #expect(ShellWord.quoted("it's") == "'it'\\''s'")
        #expect(ShellWord.quoted("") == "''")
    }

    @Test("a log line is one line: time, level, message, sorted metadata")
    func logLine() {
        let line = StandardErrorLogHandler.line(
            level: .warning, message: "peer gone", metadata: ["peer": "wg0/a b", "interface": "wg0"],
            prefix: .timestamp, at: Timestamp(seconds: 0))
        #expect(line == "1970-01-01T00:00:00Z warning peer gone interface=wg0 peer=\"wg0/a b\"")
        let priority = StandardErrorLogHandler.line(
            level: .error, message: "a\nb", metadata: [:], prefix: .priority, at: Timestamp(seconds: 0))
        #expect(priority == "<3>a\\u{a}b")
        let accent = StandardErrorLogHandler.line(
            level: .error, message: "a", metadata: ["peer": "a\"\u{301} forged=1"], prefix: .priority,
            at: Timestamp(seconds: 0))
        #expect(accent == "<3>a peer=\"a\\\"\u{301} forged=1\"")
    }

    @Test("options are repeated in the commands we propose")
    func repeatedOptions() throws {
        let options = try GlobalOptions.parse(["--config", "/srv/my gateway", "--state", "/srv/state"])
        #expect(options.repeated == " --config '/srv/my gateway' --state /srv/state")
    }
}
