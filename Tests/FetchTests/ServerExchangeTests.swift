import Fetch
import Foundation
import ListServer
import Model
import Testing

/// Questions to a server that a person named, over real sockets.
@Suite struct ServerExchangeTests {
    let server = Result { try ListServer() }

    private func exchange(_ change: (inout DownloadLimits) -> Void = { _ in }) throws -> ServerExchange {
        var limits = DownloadLimits.ofExchanges
        change(&limits)
        let url = try server.get().url("")
        return try ServerExchange(url, limits: limits)
    }

    @Test func anAnswerComesWholeWhateverItsStatus() async throws {
        for status in [200, 404, 422, 503] {
            let answer = try await exchange().send(.get, "/status/\(status)")
            #expect(answer.status == status)
        }
    }

    @Test func aBodyAndTheTokenArrive() async throws {
        let answer = try await exchange().send(
            .post, "/take/plan?format=text", headers: [("Authorization", "Bearer wb_x")], body: Array("{}".utf8))
        #expect(answer.status == 204)
        let file = try server.get().directory.appending(path: "posts/1")
        let posted = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        let headers = posted?["headers"] as? [String: String]
        #expect(posted?["path"] as? String == "/take/plan?format=text" && posted?["body"] as? String == "{}")
        #expect(headers?["Authorization"] == "Bearer wb_x" && headers?["Content-Type"] == "application/json")
    }

    @Test func aRedirectIsAnAnswerAndNotFollowed() async throws {
        let target = try server.get().url("take")
        let answer = try await exchange().send(.post, "/to?\(target)", body: Array("{}".utf8))
        #expect(answer.status == 302 && answer.headers["location"] == target)
    }

    @Test func whatSaysNothingIsGivenUp() async throws {
        let exchange = try exchange { $0.idle = .seconds(1) }
        let fault = await #expect(throws: DownloadFault.self) { try await exchange.send(.get, "/silent") }
        #expect(fault?.reason == .idle(.seconds(1)))
    }

    @Test func whatNeverEndsIsGivenUp() async throws {
        let exchange = try exchange { $0.total = .seconds(1) }
        let fault = await #expect(throws: DownloadFault.self) { try await exchange.send(.get, "/drip") }
        #expect(fault?.reason == .deadline(.seconds(1)))
        let short = try self.exchange()
        await #expect(throws: DownloadFault.self) { try await short.send(.get, "/short") }
    }

    @Test func nobodyThereIsAFault() async throws {
        let exchange = try ServerExchange("http://127.0.0.1:9")
        let fault = await #expect(throws: DownloadFault.self) { try await exchange.send(.get, "/") }
        #expect(fault?.description.contains("127.0.0.1:9") == true)
    }

    @Test(arguments: ["", "gateway", "ftp://gateway", "https://", "https://a:b@gateway"])
    func anAddressThatIsNone(_ address: String) {
        #expect(throws: DownloadFault.self) { try ServerExchange(address) }
    }
}
