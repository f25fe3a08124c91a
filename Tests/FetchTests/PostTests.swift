import Foundation
import ListServer
import Model
import Testing

@testable import Fetch

/// Messages to a real server over real sockets.
@Suite struct PostTests {
    let server = Result { try ListServer() }

    struct Posted: Decodable {
        var path: String
        var headers: [String: String]
        var body: String
    }

    private func posted(_ server: ListServer, _ number: Int) throws -> Posted? {
        let file = server.directory.appending(path: "posts/\(number)")
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try JSONDecoder().decode(Posted.self, from: Data(contentsOf: file))
    }

    private func fault(_ post: Post, _ url: String) async throws -> DownloadFault {
        do {
            try await post.send(Array("{}".utf8), headers: [], to: url)
        } catch let fault as DownloadFault {
            return fault
        }
        throw Unexpected(reply: "taken")
    }

    @Test func aMessageArrivesAsItIs() async throws {
        let server = try server.get()
        let body = "{\"message\":\"grüße\"}"
        try await Post().send(Array(body.utf8), headers: [("X-Kind", "drift")], to: server.url("take/T0K3N?a=b"))
        let posted = try #require(try posted(server, 1))
        #expect(posted.path == "/take/T0K3N?a=b")
        #expect(posted.body == body)
        #expect(posted.headers["X-Kind"] == "drift")
        #expect(posted.headers["Content-Type"] == "application/json")
        #expect(posted.headers["Content-Length"] == "\(body.utf8.count)")
    }

    @Test(arguments: [400, 404, 429, 500, 503]) func aRefusalIsAFault(status: Int) async throws {
        let server = try server.get()
        #expect(try await fault(Post(), server.url("status/\(status)")).reason == .status(status))
    }

    @Test func aRedirectIsNotFollowed() async throws {
        let server = try server.get()
        let fault = try await fault(Post(), server.url("to?" + server.url("take")))
        #expect(fault.reason == .status(302))
        #expect(try posted(server, 2) == nil)
    }

    @Test func anAnswerWithoutEndDoesNotHoldItUp() async throws {
        try await Post().send([], headers: [], to: try server.get().url("endless"))
    }

    @Test func aSilentServerEndsWithTheDeadline() async throws {
        var limits = DownloadLimits.ofPosts
        limits.total = .seconds(1)
        let begin = ContinuousClock.now
        let fault = try await fault(Post(limits: limits), try server.get().url("silent"))
        #expect(fault.reason == .deadline(.seconds(1)))
        #expect(ContinuousClock.now - begin < .seconds(8))
    }

    @Test func nothingOfTheAddressButItsHostIsSaid() async throws {
        let server = try server.get()
        for path in ["status/500?T0K3N", "to?T0K3N"] {
            let text = try await fault(Post(), server.url(path)).description
            #expect(!text.contains("T0K3N"))
            #expect(text.contains("127.0.0.2:\(server.port)"))
        }
    }

    @Test("what clouds keep their credentials at is never asked, nor the public by http")
    func targets() async throws {
        for url in ["http://169.254.169.254/latest", "http://[fe80::1]/", "http://[::ffff:127.0.0.1]/"] {
            guard case .target = try await fault(Post(), url).reason else {
                Issue.record("\(url) was asked")
                return
            }
        }
        let open = Post(limits: .ofPosts)
        guard case .address(let why) = try await fault(open, "http://93.184.215.14/").reason else {
            Issue.record("a public address was asked by http")
            return
        }
        #expect(why == "http is not https")
    }
}
