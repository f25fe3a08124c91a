import ArgumentParser
import Testing

@testable import wirebuddy

@Suite struct SuspendCommandTests {
    @Test(arguments: [
        ("", "--for and a reason"), ("--for 1h", "a reason must"), ("because", "--for must be given"),
        ("--for 31d because", "at most 30d"), ("--for 721h because", "at most 30d"),
    ])
    func `a suspension without end or reason is a usage error with an example`(_ words: String, _ complaint: String) {
        do {
            _ = try WireBuddy.parseAsRoot(["suspend"] + words.split(separator: " ").map(String.init))
            Issue.record("it was accepted")
        } catch {
            let message = WireBuddy.message(for: error)
            #expect(message.contains(complaint) && message.contains("wirebuddy suspend --for 1h \"the provider"))
            #expect(WireBuddy.exitCode(for: error).rawValue == 64)
        }
    }

    @Test(arguments: ["--for 30d because", "--for 1h the provider moves the uplink"])
    func `duration and reason suspend`(_ words: String) throws {
        _ = try WireBuddy.parseAsRoot(["suspend"] + words.split(separator: " ").map(String.init))
    }

    @Test func `a reason is one line`() {
        #expect(throws: (any Error).self) {
            try WireBuddy.parseAsRoot(["suspend", "--for", "1h", "two\nlines"])
        }
    }
}
