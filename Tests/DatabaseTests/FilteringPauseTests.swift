import Database
import Model
import Testing

@Suite struct FilteringPauseTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func pause(_ client: String?, _ seconds: Int64, author: String = "alice") -> FilteringPauseEntry {
        FilteringPauseEntry(client: client, until: Sample.now.advanced(bySeconds: seconds), author: author)
    }

    @Test func pausesOutliveARestartAndEnd() async throws {
        var database = try GatewayDatabase.open(state: directory.path)
        #expect(try await database.pauses(now: Sample.now) == [])
        try await database.pause(pause("wg0/b", 100))
        try await database.pause(pause(nil, 50))
        try await database.pause(pause("wg0/a", 60))
        database = try GatewayDatabase.open(state: directory.path)
        let all = [pause(nil, 50), pause("wg0/a", 60), pause("wg0/b", 100)]
        #expect(try await database.pauses(now: Sample.now) == all)
        #expect(try await database.pauses(now: Sample.now.advanced(bySeconds: 49)) == all)
        #expect(try await database.pauses(now: Sample.now.advanced(bySeconds: 50)) == Array(all[1...]))
        // It is deleted, not only hidden.
        #expect(try await database.pauses(now: Sample.now) == Array(all[1...]))
        #expect(try await database.pauses(now: Sample.now.advanced(bySeconds: 1000)) == [])
    }

    @Test func aPauseReplacesThatOfTheSameClient() async throws {
        let database = try GatewayDatabase.open(state: directory.path)
        for entry in [pause(nil, 10), pause("wg0/a", 20), pause(nil, 30, author: "bob"), pause("wg0/a", 5)] {
            try await database.pause(entry)
        }
        #expect(try await database.pauses(now: Sample.now) == [pause(nil, 30, author: "bob"), pause("wg0/a", 5)])
    }

    @Test func resuming() async throws {
        let database = try GatewayDatabase.open(state: directory.path)
        for entry in [pause(nil, 10), pause("wg0/a", 20), pause("wg0/b", 30)] { try await database.pause(entry) }
        try await database.resume(client: "wg0/a")
        try await database.resume(client: "wg0/none")
        #expect(try await database.pauses(now: Sample.now) == [pause(nil, 10), pause("wg0/b", 30)])
        try await database.resume(client: nil)
        #expect(try await database.pauses(now: Sample.now) == [pause("wg0/b", 30)])
        try await database.pause(pause(nil, 10))
        try await database.resumeAll()
        #expect(try await database.pauses(now: Sample.now) == [])
    }

    /// Asking, and saying again what holds, doesn't touch the disk.
    @Test func theSameAgainTouchesNothing() async throws {
        let database = try GatewayDatabase.open(state: directory.path)
        try await database.pause(pause("wg0/a", 20))
        let before = try directory.fingerprint(of: ".")
        try await database.pause(pause("wg0/a", 20))
        try await database.resume(client: nil)
        _ = try await database.pauses(now: Sample.now)
        #expect(try directory.fingerprint(of: ".") == before)
        try await database.pause(pause("wg0/a", 21))
        #expect(try directory.fingerprint(of: ".") != before)
    }
}
