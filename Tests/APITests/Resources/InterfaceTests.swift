import HTTPTypes
import Model
import Testing

@testable import API

@Suite struct InterfaceTests {
    @Test func `an interface is created, listed and read as the contract shows`() async throws {
        let gateway = try await TestGateway()
        let body = #"{"name": "wg1", "address": "10.9.0.1/24", "listen_port": 51821, "dns": "1.1.1.1, 1.0.0.1"}"#
        let made = try await gateway.call(.post, "/api/interfaces", body)
        #expect(made.status == 201, "\(made.message)")
        #expect(made.headers[.location] == "/api/interfaces/wg1")
        #expect(made.data["address"] == .string("10.9.0.1/24"))
        #expect(made.data["dns"].items == [.string("1.1.1.1"), .string("1.0.0.1")])
        let list = try await gateway.call(.get, "/api/interfaces")
        #expect(list.data.entries == nil && list.json["data"].items.map { $0["name"].text } == ["wg0", "wg1"])
        #expect(list.json["total"].number == 2 && list.json["limit"] == .null)
        #expect(list.json["data"].items[0]["status"] == .string("active"))
        #expect(try await gateway.call(.get, "/api/interfaces/wg1").data == made.data)
        #expect(try await gateway.call(.get, "/api/interfaces/wg2").status == 404)
        #expect(try await gateway.call(.post, "/api/interfaces", body).status == 409)
    }

    @Test func `an unchanged body changes nothing`() async throws {
        let gateway = try await TestGateway()
        let read = try await gateway.call(.get, "/api/interfaces/wg0")
        let commits = try gateway.commits()
        let body = String(decoding: read.data.compactBytes(), as: UTF8.self)
        let answer = try await gateway.call(.put, "/api/interfaces/wg0", body)
        #expect(answer.status == 200, "\(answer.message)")
        #expect(try gateway.commits() == commits)
        #expect(answer.data["etag"] == read.data["etag"])
    }

    @Test func `one with peers is deleted only together with them`() async throws {
        let gateway = try await TestGateway()
        _ = try await gateway.call(.post, "/api/peers", #"{"name": "phone", "interface": "wg0"}"#)
        #expect(try await gateway.call(.delete, "/api/interfaces/wg0").status == 409)
        let answer = try await gateway.call(.delete, "/api/interfaces/wg0?cascade=true")
        #expect(answer.status == 200, "\(answer.message)")
        #expect(answer.data["name"] == .string("wg0"))
        #expect(try await gateway.call(.get, "/api/interfaces").json["total"].number == 0)
        #expect(try await gateway.call(.get, "/api/peers").data["total"].number == 0)
    }

    @Test func `stop, start and restart are commits`() async throws {
        let gateway = try await TestGateway()
        let commits = try gateway.commits()
        #expect(try await gateway.call(.post, "/api/interfaces/wg0/stop").data["status"] == .string("inactive"))
        #expect(try await gateway.call(.post, "/api/interfaces/wg0/stop").status == 200)
        #expect(try gateway.commits() == commits + 1)
        #expect(try await gateway.call(.post, "/api/interfaces/wg0/start").data["status"] == .string("active"))
        #expect(try await gateway.call(.post, "/api/interfaces/wg0/restart").data["status"] == .string("active"))
        #expect(try gateway.commits() == commits + 4)
        #expect(try await gateway.call(.post, "/api/interfaces/wg9/start").status == 404)
    }
}
