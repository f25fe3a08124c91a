import HTTPTypes
import Model
import Testing

@testable import API

@Suite struct BatchTests {
    @Test func `writes of a batch are one commit and one pass`() async throws {
        let gateway = try await TestGateway()
        let (commits, passes) = (try gateway.commits(), gateway.host.passCount)
        let answer = try await gateway.call(
            .post, "/api/batch",
            #"""
            {"writes": [
              {"method": "POST", "path": "/api/interfaces", "body": {"name": "wg1", "address": "10.9.0.1/24"}},
              {"method": "POST", "path": "/api/peers", "body": {"name": "a", "interface": "wg1"}},
              {"method": "POST", "path": "/api/peers", "body": {"name": "b", "interface": "wg1"}},
              {"method": "POST", "path": "/api/interfaces/wg0/stop"}
            ]}
            """#)
        #expect(answer.status == 200, "\(answer.message)")
        let results = answer.data["results"].items
        #expect(results.map { $0["status"].number } == [201, 201, 201, 200])
        #expect(results[1]["data"]?["ip"] == .string("10.9.0.2"))
        #expect(results[2]["data"]?["ip"] == .string("10.9.0.3"))
        #expect(results[3]["data"]?["status"] == .string("inactive"))
        #expect(try gateway.commits() == commits + 1)
        #expect(gateway.host.passCount == passes + 1)
    }

    @Test func `nothing of a batch is done when one write is refused, and it is named`() async throws {
        let gateway = try await TestGateway()
        let commits = try gateway.commits()
        let answer = try await gateway.call(
            .post, "/api/batch",
            #"""
            {"writes": [
              {"method": "POST", "path": "/api/peers", "body": {"name": "a", "interface": "wg0"}},
              {"method": "POST", "path": "/api/peers", "body": {"name": "a", "interface": "wg0"}}
            ]}
            """#)
        #expect(answer.status == 409)
        #expect(answer.json["details"]?["index"].number == 1)
        #expect(try gateway.commits() == commits)
    }

    @Test(arguments: [
        #"{}"#, #"{"writes": []}"#, #"{"writes": [{"method": "GET", "path": "/api/peers"}]}"#,
        #"{"writes": [{"method": "POST", "path": "/api/batch", "body": {}}]}"#,
        #"{"writes": [{"method": "POST", "path": "/api/peers?wait=5", "body": {}}]}"#,
        #"{"writes": [{"method": "POST", "path": "/api/peers", "body": 1}]}"#, #"{"writes": [1], "x": 1}"#,
        #"{"writes": [{"method": "POST", "path": "/api/peers"}]}"#,
        #"{"writes": [{"method": "DELETE", "path": "/api/interfaces/wg0?cascade=perhaps"}]}"#,
    ])
    func `what is no batch is 422`(_ body: String) async throws {
        let gateway = try await TestGateway()
        #expect(try await gateway.call(.post, "/api/batch", body).status == 422)
    }

    @Test func `hundreds of peers are one write`() async throws {
        let gateway = try await TestGateway(["interfaces/wg0.yaml": TestGateway.wg0.replacing("/24", with: "/16")])
        let writes = (0..<300).map {
            #"{"method": "POST", "path": "/api/peers", "body": {"name": "peer \#($0)", "interface": "wg0"}}"#
        }
        let clock = ContinuousClock()
        let began = clock.now
        let answer = try await gateway.call(
            .post, "/api/batch", "{\"writes\": [\(writes.joined(separator: ","))]}")
        let time = clock.now - began
        #expect(answer.status == 200, "\(answer.message)")
        let list = try await gateway.call(.get, "/api/peers?limit=100&offset=250")
        #expect(list.data["total"].number == 300)
        #expect(list.data["peers"].items.count == 50)
        print("batch of 300 peers: \(time)")
    }
}
