import Database
import Gateway
import HTTPTypes
import Model
import Testing

@testable import API

@Suite struct IdempotencyTests {
    private let body = #"{"name": "phone", "interface": "wg0"}"#

    @Test func `the same request is done once, and shows the object as it is`() async throws {
        let gateway = try await TestGateway()
        let headers: HTTPFields = [.idempotencyKey: "k1"]
        let first = try await gateway.call(.post, "/api/peers", body, headers: headers)
        let commits = try gateway.commits()
        let path = "/api/peers/\(first.data["id"].text)"
        _ = try await gateway.call(.patch, path, #"{"name": "renamed"}"#)
        let again = try await gateway.call(.post, "/api/peers", body, headers: headers)
        #expect(again.status == 201)
        #expect(again.data["id"] == first.data["id"])
        #expect(again.data["name"] == .string("renamed"))
        #expect(try gateway.commits() == commits + 1)
        let other = try await gateway.call(
            .post, "/api/peers", #"{"name": "laptop", "interface": "wg0"}"#, headers: headers)
        #expect(other.status == 422)
        var somebody = TestGateway.admin
        somebody.userID = "u2"
        let his = try await gateway.call(
            .post, "/api/peers", #"{"name": "laptop", "interface": "wg0"}"#, as: somebody, headers: headers)
        #expect(his.status == 201)
    }

    @Test func `what was refused may be tried again under its key`() async throws {
        let gateway = try await TestGateway()
        let headers: HTTPFields = [.idempotencyKey: "k1"]
        let missing = #"{"name": "phone", "interface": "wg1"}"#
        #expect(try await gateway.call(.post, "/api/peers", missing, headers: headers).status == 422)
        let wg1 = #"{"name": "wg1", "address": "10.9.0.1/24", "listen_port": 51821}"#
        #expect(try await gateway.call(.post, "/api/interfaces", wg1).status == 201)
        #expect(try await gateway.call(.post, "/api/peers", missing, headers: headers).status == 201)
    }

    @Test func `of the same requests at the same time one is done`() async throws {
        let gateway = try await TestGateway()
        let commits = try gateway.commits()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await gateway.call(.post, "/api/peers", body, headers: [.idempotencyKey: "k"]).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 201, count: 8))
        #expect(try gateway.commits() == commits + 1)
    }

    @Test func `the database holds digests only, and no more keys than it may`() async throws {
        let gateway = try await TestGateway()
        _ = try await gateway.call(.post, "/api/peers", body, headers: [.idempotencyKey: "canary-key"])
        let now = gateway.services.clock.now()
        let old = now.advanced(bySeconds: -IdempotencyRecord.lifetime)
        try await gateway.database.recordIdempotency(
            IdempotencyRecord(key: "old", request: "r", status: 201, object: "", revision: "", at: old))
        #expect(try await gateway.database.idempotencyRecord("old", now: now) == nil)
        #expect(try await gateway.database.idempotencyRecord("canary-key", now: now) == nil)
    }
}
