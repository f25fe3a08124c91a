import Database
import Model
import Testing

@Suite("Requests that are done once")
struct IdempotencyTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("a record outlives the process and is forgotten after a day")
    func lifetime() async throws {
        let now = Timestamp(seconds: 1_800_000_000)
        let record = IdempotencyRecord(
            key: "k", request: "r", status: 201, object: "Peer 1", revision: "abc", at: now)
        try await GatewayDatabase.open(state: directory.path).recordIdempotency(record)
        let database = try GatewayDatabase.open(state: directory.path)
        #expect(try await database.idempotencyRecord("k", now: now.advanced(bySeconds: 86_399)) == record)
        #expect(try await database.idempotencyRecord("k", now: now.advanced(bySeconds: 86_400)) == nil)
        #expect(try await database.idempotencyRecord("other", now: now) == nil)
    }
}
