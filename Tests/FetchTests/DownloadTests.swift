import Foundation
import ListServer
import Model
import Synchronization
import Testing

@testable import Fetch

/// Texts from a real server over real sockets: what comes, what does not change, what never ends.
@Suite struct DownloadTests {
    let server = Result { try ListServer() }
    private func download(_ change: (inout DownloadLimits) -> Void = { _ in }) throws -> Download {
        var limits = DownloadLimits()
        change(&limits)
        return Download(limits: limits, targets: try .server())
    }

    @Test func aTextComesWithItsValidatorsAndIsNotSentAgain() async throws {
        let server = try server.get()
        try server.write("list.txt", "one.example\ntwo.example\n")
        let download = try download()
        let taken = Taken()
        let first = try await download.get(server.url("files/list.txt"), limit: 1000, taken.take)
        guard case .content(let type, let validators) = first else { throw Unexpected(reply: "\(first)") }
        #expect(type == "text/plain")
        #expect(taken.text == "one.example\ntwo.example\n")
        #expect(validators.etag?.count == 66)
        for known in [validators, DownloadValidators(lastModified: validators.lastModified)] {
            let again = Taken()
            #expect(
                try await download.get(server.url("files/list.txt"), validators: known, limit: 1000, again.take)
                    == .notModified)
            #expect(again.count == 0)
        }
        try server.write("list.txt", "three.example\n")
        let changed = Taken()
        _ = try await download.get(server.url("files/list.txt"), validators: validators, limit: 1000, changed.take)
        #expect(changed.text == "three.example\n")
    }

    @Test func aCompressedTextIsDecodedAndCountsDecoded() async throws {
        let server = try server.get()
        let text = (0..<5000).map { "name\($0).example\n" }.joined()
        try server.write("list.txt", text)
        let taken = Taken()
        _ = try await download().get(server.url("files/list.txt.gz"), limit: text.utf8.count, taken.take)
        #expect(taken.text == text)
        let limit = text.utf8.count - 1
        #expect(try await reason(download(), server.url("files/list.txt.gz"), limit: limit) == .tooLarge(limit))
    }

    @Test func aTextWithoutEndStopsAtTheCap() async throws {
        let server = try server.get()
        let taken = Taken()
        await #expect(throws: DownloadFault.self) {
            try await download().get(server.url("endless"), limit: 300_000, taken.take)
        }
        #expect(taken.count <= 300_000)
        #expect(try await reason(download(), server.url("endless"), limit: 300_000) == .tooLarge(300_000))
        // What the server says of itself is enough.
        #expect(try await reason(download(), server.url("large"), limit: 300_000) == .tooLarge(300_000))
    }

    @Test func aTextMadeToFillTheMemoryIsRefused() async throws {
        let server = try server.get()
        let taken = Taken()
        await #expect(throws: DownloadFault.self) {
            try await download().get(server.url("bomb"), limit: 1 << 30, taken.take)
        }
        #expect(taken.count < 10 << 20, "\(taken.count)")
        #expect(try await reason(download(), server.url("brotli")) == .encoding("br"))
    }

    @Test func slowServersAreLeft() async throws {
        let server = try server.get()
        let idle = try download { $0.idle = .seconds(1) }
        #expect(try await reason(idle, server.url("silent")) == .idle(.seconds(1)))
        #expect(try await reason(idle, server.url("stall")) == .idle(.seconds(1)))
        let total = try download { $0.total = .seconds(1) }
        #expect(try await reason(total, server.url("silent")) == .deadline(.seconds(1)))
        #expect(try await reason(total, server.url("stall")) == .deadline(.seconds(1)))
        // It never pauses for long, and never ends.
        #expect(try await reason(total, server.url("drip")) == .deadline(.seconds(1)))
    }

    @Test func aTextCutOffIsNone() async throws {
        let server = try server.get()
        guard case .connection = try await reason(download(), server.url("short")) else {
            Issue.record("taken")
            return
        }
    }

    @Test(arguments: [204, 304, 403, 404, 500, 503])
    func otherAnswersAreFaults(status: Int) async throws {
        let server = try server.get()
        #expect(try await reason(download(), server.url("status/\(status)")) == .status(status))
    }

    @Test func aCancelledDownloadEnds() async throws {
        let server = try server.get()
        let (download, url) = (try download(), server.url("drip"))
        let (began, continuation) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await download.get(url, limit: 1 << 20) { _ in continuation.yield() }
        }
        for await _ in began { break }
        task.cancel()
        let result = await task.result
        #expect(throws: DownloadFault.self) { try result.get() }
    }

    @Test func whatTheTakerThrowsPasses() async throws {
        struct Full: Error {}
        let server = try server.get()
        try server.write("list.txt", "one.example\n")
        await #expect(throws: Full.self) {
            try await download().get(server.url("files/list.txt"), limit: 1000) { _ in throw Full() }
        }
    }

    @Test func nobodyThere() async throws {
        let fault = try await fault(download(), "http://127.0.0.2:9/list?token=hush")
        #expect(fault.reason == .connection("connection refused"))
        #expect("\(fault)" == "127.0.0.2:9: connection refused")
    }
}
