import Foundation
import Model
import Reconciler
import Testing

@testable import wirebuddy

@Suite("Records of what was done")
struct GatewayRecordTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let now = Timestamp(seconds: 1_800_000_000)

    private func event(_ message: String, _ kind: Event.Kind = .applied) -> GatewayRecord {
        GatewayRecord(
            Event(at: Self.now, pass: "p1", kind: kind, object: ObjectID(.peer, "wg0/phone"), message: message))
    }

    @Test("each source is as the schema says")
    func schema() throws {
        let checker = SchemaChecker(directory: Self.root.appendingPathComponent("schemas/output"))
        let commit = HistoryEntry(
            revision: String(repeating: "a", count: 40), at: Self.now, author: "Anna", email: "a@example.com",
            via: "rest", rollbackTo: nil, subject: "Add peer phone to wg0")
        let token = APIToken(
            id: "t1", digest: DigestValue(bytes: [UInt8](repeating: 7, count: 32)), name: "ci", userID: "u1",
            permission: .read, createdAt: Self.now, lastUsedAt: Self.now, lastUsedFrom: IPAddress("192.0.2.1"))
        let logins = LoginRecord.Outcome.allCases.map {
            GatewayRecord(
                LoginRecord(at: Self.now, userID: "u1", address: "192.0.2.1", userAgent: "curl", outcome: $0),
                user: "anna")
        }
        let records = [GatewayRecord(commit), event("create")] + logins + GatewayRecord.of(token, user: "anna")
        #expect(records.count == 7)
        for record in records {
            let value = try JSONText.value(of: Data(record.json.compactBytes()))
            #expect(try checker.problems(value, file: "event.schema.json") == [])
        }
        #expect(records[0].actor == "Anna via rest")
        #expect(records.last?.message == "token \"ci\" was used last from 192.0.2.1")
    }

    @Test("every kind is in the schema")
    func kinds() throws {
        let file = Self.root.appendingPathComponent("schemas/output/event.schema.json")
        let schema = try #require(try JSONText.value(of: Data(contentsOf: file)) as? [String: Any])
        let kind = (schema["properties"] as? [String: Any])?["kind"] as? [String: Any]
        #expect(kind?["enum"] as? [String] == GatewayRecord.Kind.allCases.map(\.rawValue))
    }

    @Test("a record is a line for people, whatever stands in it")
    func text() {
        #expect(
            event("update: mtu 1420 -> 1380").text(.plain)
                == "2027-01-15T08:00:00Z  applied     Peer wg0/phone: update: mtu 1420 -> 1380\n")
        let many = event("one\ntwo\u{1B}[31m\nthree", .failure).text(.plain)
        #expect(many.hasSuffix("one (and 2 more lines)\n"))
        #expect(!event("\u{1B}[31mred").text(.plain).contains("\u{1B}"))
    }

    @Test("each is shown once, equal ones as often as they are there")
    func seen() {
        var seen = SeenRecords()
        #expect(seen.new(in: [event("a"), event("a")]).count == 2)
        #expect(seen.new(in: [event("a"), event("a")]) == [])
        #expect(seen.new(in: [event("a"), event("a"), event("b"), event("a")]) == [event("b"), event("a")])
        // The oldest leave the look, and don't come back as new ones.
        #expect(seen.new(in: [event("b"), event("a"), event("c")]) == [event("c")])
    }
}
