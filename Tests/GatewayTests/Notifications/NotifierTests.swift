import Credentials
import Foundation
import Logging
import Model
import Reconciler
import Synchronization
import Testing

@testable import Gateway

@Suite("Messages to receivers")
struct NotifierTests {
    /// Takes what is posted, or refuses it as long as it is told to.
    final class Inbox: Messenger {
        struct Post {
            var url: String
            var headers: [String: String]
            var body: [UInt8]
        }
        struct Refused: Error {}

        let posts = Mutex<[Post]>([])
        let refusals = Mutex(0)

        func post(_ body: [UInt8], headers: [(name: String, value: String)], to url: String) async throws {
            let isRefused = refusals.withLock { left in
                defer { left = max(0, left - 1) }
                return left > 0
            }
            let headers = Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) })
            posts.withLock { $0.append(Post(url: url, headers: headers, body: body)) }
            if isRefused { throw Refused() }
        }

        /// Waits until there are so many.
        func wait(for count: Int) async throws -> [Post] {
            let end = ContinuousClock.now + .seconds(20)
            while ContinuousClock.now < end {
                let posts = posts.withLock { $0 }
                if posts.count >= count { return posts }
                try await Task.sleep(for: .milliseconds(5))
            }
            return posts.withLock { $0 }
        }
    }

    private let secret = KeyPair.generate().privateKey
    private let inbox = Inbox()

    private func notifier(_ receivers: [Settings.Notification]) async -> Notifier {
        let notifier = Notifier(
            inbox, gateway: "gw1", clock: SystemUptime(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            jitter: { 0 }, open: { [secret] _, _ in secret })
        var settings = Settings()
        settings.repositoryID = Trees.repositoryID
        settings.notifications = receivers
        await notifier.configure(settings)
        return notifier
    }

    private func message(_ kind: NotificationKind, _ fingerprint: String = "f") -> NotificationMessage {
        NotificationMessage(
            kind: kind, state: .found, fingerprint: fingerprint, object: ObjectID(.peer, "wg0/phone"), message: "m",
            since: Timestamp(seconds: 0), at: Timestamp(seconds: 60), pass: "p", revision: "r")
    }

    @Test("each gets the kinds he wants, signed with his key")
    func kinds() async throws {
        let notifier = await notifier([
            Settings.Notification(url: "https://a.example/x", kinds: [.drift], secret: .file("a")),
            Settings.Notification(url: "https://b.example/y"),
        ])
        let running = Task { await notifier.run() }
        defer { running.cancel() }
        await notifier.note([message(.drift), message(.passFailed, "g")])
        let posts = try await inbox.wait(for: 3)
        #expect(posts.filter { $0.url.contains("a.example") }.count == 1)
        #expect(
            posts.filter { $0.url.contains("b.example") }.map { $0.headers["X-WireBuddy-Event"] } == [
                "drift", "pass-failed",
            ])
        let signed = try #require(posts.first { $0.url.contains("a.example") })
        let code = DigestValue(bytes: HMACSHA256.code(of: signed.body, key: Array(secret.exposedText().utf8)))
        #expect(signed.headers["X-WireBuddy-Signature"] == "sha256=\(code)")
        let document = try #require(try JSONSerialization.jsonObject(with: Data(signed.body)) as? [String: Any])
        #expect(document["delivery"] as? String == signed.headers["X-WireBuddy-Delivery"])
        #expect(document["gateway"] as? String == "gw1")
        #expect((document["object"] as? [String: String]) == ["kind": "Peer", "name": "wg0/phone"])
        #expect(posts.first { $0.url.contains("b.example") }?.headers["X-WireBuddy-Signature"] == nil)
    }

    @Test("what was refused is posted again with the same id, and in order")
    func retries() async throws {
        inbox.refusals.withLock { $0 = 1 }
        let notifier = await notifier([Settings.Notification(url: "https://a.example/x")])
        let running = Task { await notifier.run() }
        defer { running.cancel() }
        let begin = ContinuousClock.now
        await notifier.note([message(.drift), message(.passFailed, "g")])
        let posts = try await inbox.wait(for: 3)
        #expect(ContinuousClock.now - begin >= .seconds(1))
        try #require(posts.map { $0.headers["X-WireBuddy-Event"] } == ["drift", "drift", "pass-failed"])
        #expect(posts[0].headers["X-WireBuddy-Delivery"] == posts[1].headers["X-WireBuddy-Delivery"])
        #expect(posts[0].body == posts[1].body)
    }

    @Test("a changed key keeps what waits; a receiver that is gone gets nothing more")
    func changes() async throws {
        let first = Settings.Notification(url: "https://a.example/x", secret: .file("old"))
        let notifier = await notifier([first, Settings.Notification(url: "https://gone.example")])
        await notifier.note([message(.drift)])
        var settings = Settings()
        settings.notifications = [Settings.Notification(url: "https://a.example/x", secret: .file("new"))]
        await notifier.configure(settings)
        let running = Task { await notifier.run() }
        defer { running.cancel() }
        #expect(try await inbox.wait(for: 1).map(\.url) == ["https://a.example/x"])
        await notifier.note([message(.passFailed, "g")])
        #expect(try await inbox.wait(for: 2).map(\.url) == ["https://a.example/x", "https://a.example/x"])
    }

    @Test func itEndsWhenItIsCancelled() async {
        let notifier = await notifier([Settings.Notification(url: "https://a.example/x")])
        let running = Task { await notifier.run() }
        running.cancel()
        await running.value
    }
}
