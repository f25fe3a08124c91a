import Foundation
import Model
import Reconciler
import Synchronization
import Testing

@testable import wirebuddy

/// What a gateway answers, one after the other; the last answer stays.
private final class Scripted: GatewayConversation {
    let name = "the gateway"
    private let answers: Mutex<[String: [(Int, String)]]>

    init(_ answers: [String: [(Int, String)]]) {
        self.answers = Mutex(answers)
    }

    func get(_ target: String) async throws(CommandFailure) -> GatewayAnswer {
        let next = answers.withLock { answers -> (Int, String)? in
            guard let all = answers[target], let first = all.first else { return nil }
            if all.count > 1 { answers[target] = Array(all.dropFirst()) }
            return first
        }
        guard let (status, body) = next else { throw CommandFailure(.error, "no connection") }
        return GatewayAnswer(status: status, headers: [:], body: Array(body.utf8))
    }
}

@Suite("Waiting for a revision")
struct RevisionWatchTests {
    private static let own = "/api/revisions/abcdef0"
    private static let newest = "/api/revisions?limit=1"

    private func entry(_ id: String, _ result: String?, isHead: Bool, _ message: String? = nil) -> String {
        let words = [
            #""id":"\#(id)""#, #""result":\#(result.map { "\"\($0)\"" } ?? "null")"#,
            #""message":\#(message.map { "\"\($0)\"" } ?? "null")"#, #""head":\#(isHead)"#,
        ]
        return "{\(words.joined(separator: ","))}"
    }

    private func verdict(
        _ answers: [String: [(Int, String)]], timeout: Duration = .seconds(1)
    ) async throws -> RevisionWatch.Verdict {
        try await RevisionWatch(gateway: Scripted(answers), revision: "abcdef0", timeout: timeout).run()
    }

    private func one(_ entry: String) -> String { #"{"success":true,"data":\#(entry)}"# }
    private func many(_ entry: String) -> String { #"{"success":true,"data":[\#(entry)],"total":1}"# }

    @Test("applied, at once or after it was seen")
    func applied() async throws {
        let found = try await verdict(
            [
                Self.own: [
                    (404, #"{"error":"Not Found","message":"there is no revision"}"#),
                    (200, one(entry("abcdef01", "pending", isHead: true))),
                    (200, one(entry("abcdef01", "applied", isHead: true))),
                ]
            ], timeout: .seconds(60))
        #expect(found.status == .success && found.applied == "abcdef01" && found.revision == "abcdef01")
    }

    @Test("superseded by a head that was applied")
    func superseded() async throws {
        let found = try await verdict([
            Self.own: [(200, one(entry("abcdef01", "superseded", isHead: false)))],
            Self.newest: [(200, many(entry("12345678", "applied", isHead: true)))],
        ])
        #expect(found.status == .success && found.applied == "12345678")
        #expect(found.message == "superseded by 12345678, which contains it")
    }

    @Test(
        "refused, not valid and rolled back are told at once",
        arguments: [
            (#"{"head_failure":{"type":"invalid","revision":"abcdef01"}}"#, ExitCode.invalid),
            (#"{"head_failure":null,"revision":"abcdef01","refusals":[{"rail":"max-deletes"}]}"#, .refused),
            (#"{"head_failure":null,"revision":"abcdef01","refusals":[{"rail":"rolled-back"}]}"#, .rolledBack),
        ])
    func hopeless(_ plan: String, _ status: ExitCode) async throws {
        let found = try await verdict(
            [
                Self.own: [(200, one(entry("abcdef01", "failed", isHead: true, "why")))],
                "/api/plan": [(200, one(plan))],
            ], timeout: .seconds(60))
        #expect(found.status == status && found.message == "why" && found.applied == nil)
    }

    @Test("a failed apply counts when it stays so")
    func failing() async throws {
        let answers = [
            Self.own: [(200, one(entry("abcdef01", "failed", isHead: true, "no tun")))],
            "/api/plan": [(200, one(#"{"head_failure":null,"revision":"abcdef01","refusals":[]}"#))],
        ]
        #expect(try await verdict(answers).status == .error)
    }

    @Test("nobody there, and nothing known, is a time-out that says so")
    func timeOut() async throws {
        let silent = try await verdict([:])
        #expect(silent.status == .timedOut && silent.message == "no connection" && silent.word == "timed-out")
        let unseen = try await verdict([Self.own: [(404, "{}")]])
        #expect(unseen.status == .timedOut && unseen.message == "the gateway has not seen it yet")
    }

    @Test("a token that is not taken ends it")
    func token() async throws {
        await #expect(throws: CommandFailure.self) {
            try await verdict([Self.own: [(401, #"{"message":"the token is not valid"}"#)]], timeout: .seconds(60))
        }
    }

    @Test("the document is what its schema says")
    func document() throws {
        let schemas = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("schemas/output")
        for status in [ExitCode.success, .invalid, .refused, .rolledBack, .timedOut, .error] {
            let verdict = RevisionWatch.Verdict(
                status: status, revision: "abcdef01", applied: status == .success ? "12345678" : nil, message: nil)
            let document = try JSONText.value(
                of: Data(verdict.json(gateway: "here", waited: .seconds(2)).document()))
            #expect(try SchemaChecker(directory: schemas).problems(document, file: "wait.schema.json") == [])
        }
    }
}

@Suite("Gateways elsewhere")
struct RemoteGatewayTests {
    @Test(
        "addresses that are taken",
        arguments: [
            "https://gateway.example.com", "https://gateway.example.com:8443/", "http://127.0.0.1:8080",
            "http://[::1]:8080", "http://localhost:8080",
        ])
    func taken(_ address: String) throws {
        _ = try RemoteGateway(address, token: "wb_x", certificates: nil, allowsPlainText: false)
    }

    @Test(
        "addresses that are not",
        arguments: [
            "gateway.example.com", "http://10.0.0.1:8080", "http://127.0.0.1.example.com", "ftp://gateway.example.com",
            "https://user:secret@gateway.example.com", "https://gateway.example.com/api", "https://",
        ])
    func refused(_ address: String) {
        let failure = #expect(throws: CommandFailure.self) {
            try RemoteGateway(address, token: "wb_x", certificates: nil, allowsPlainText: false)
        }
        #expect(failure?.message.contains("secret") == false)
    }

    @Test("http to another host needs to be allowed")
    func insecure() throws {
        _ = try RemoteGateway("http://10.0.0.1:8080", token: "wb_x", certificates: nil, allowsPlainText: true)
    }
}
