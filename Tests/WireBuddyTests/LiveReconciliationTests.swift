import Credentials
import Database
import Foundation
import Logging
import Model
import Reconciler
import Synchronization
import Testing

@testable import wirebuddy

/// Waiting for the pass of a write, with a real database and time, and a host that takes its time.
@Suite(.timeLimit(.minutes(1))) struct LiveReconciliationTests {
    let revisions = MovingRevisions()
    let host = SlowHost()
    let live: LiveReconciliation
    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "wirebuddy-\(UUID().uuidString)"
        let database = try GatewayDatabase.open(state: directory)
        let ports = ControllerPorts(
            revisions: revisions, backend: host, inventory: database, projections: database, secrets: NoSecrets(),
            names: NoNames(), digest: BLAKE2b256(), clock: SystemClock(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        live = LiveReconciliation(
            Controller(ports), ports: ports, previewSource: revisions,
            reload: AsyncStream { $0.finish() })
    }

    private func withLoop(_ body: () async throws -> Void) async throws {
        let running = Task { try await live.run() }
        defer { try? FileManager.default.removeItem(atPath: directory) }
        do {
            while live.view == nil { try await Task.sleep(for: .milliseconds(5)) }
            try await body()
        } catch {
            running.cancel()
            throw error
        }
        running.cancel()
        try await running.value
    }

    @Test func everyWriteGetsThePassThatReadIt() async throws {
        try await withLoop {
            host.delay.withLock { $0 = .milliseconds(5) }
            let started = ContinuousClock.now
            let reports = await withTaskGroup(of: (Int, PassReport?).self) { group in
                for _ in 0..<60 {
                    group.addTask {
                        // As the repository does it: the head has moved before the write is acknowledged.
                        let number = revisions.commit()
                        return (number, await live.passAfterWrite(of: "r\(number)", within: .seconds(20)))
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for (number, report) in reports {
                let read = try #require(report?.revision).id.dropFirst()
                #expect((Int(read) ?? 0) >= number, "a newer head holds it")
            }
            print("60 writes at once were passed after \(ContinuousClock.now - started)")
            // One that was read long ago needs no further pass.
            let begun = ContinuousClock.now
            host.delay.withLock { $0 = .milliseconds(500) }
            #expect(await live.passAfterWrite(of: "r\(revisions.newest)", within: .seconds(5)) != nil)
            #expect(ContinuousClock.now - begun < .seconds(5))
        }
    }

    @Test func aWriteIsPassedAtOnceAndTimeRunsOut() async throws {
        try await withLoop {
            var times: [Duration] = []
            for _ in 0..<20 {
                let number = revisions.commit()
                let begun = ContinuousClock.now
                #expect(await live.passAfterWrite(of: "r\(number)", within: .seconds(10))?.revision?.id == "r\(number)")
                times.append(ContinuousClock.now - begun)
            }
            print("a write was passed after \(times.sorted()[10]) (median of 20)")
            // Waiting for the interval or for the gathering of events would take longer.
            #expect(times.sorted()[10] < .seconds(2))
            host.delay.withLock { $0 = .milliseconds(300) }
            let number = revisions.commit()
            #expect(await live.passAfterWrite(of: "r\(number)", within: .milliseconds(20)) == nil)
            #expect(await live.passAfterWrite(of: "r\(number)", within: .seconds(10)) != nil)
        }
    }

    @Test func looksAtTheSameTimeAreOneAndNobodyWaitsForAPass() async throws {
        try await withLoop {
            let before = try #require(live.view)
            #expect(await live.refreshedView(maximumAge: .seconds(60))?.number == before.number)
            host.delay.withLock { $0 = .milliseconds(50) }
            var isFresh = false
            // While the loop is in a pass, which may settle still, nobody waits and the last view is what there is.
            for _ in 0..<10 where !isFresh {
                try await Task.sleep(for: .milliseconds(20))
                let last = live.view?.number
                let looks = host.looks.withLock { $0 }
                let numbers = await withTaskGroup(of: Int?.self) { group in
                    for _ in 0..<50 { group.addTask { await live.refreshedView(maximumAge: .zero)?.number } }
                    return await group.reduce(into: Set<Int?>()) { $0.insert($1) }
                }
                // Who comes when the look just ended begins the next one.
                #expect(host.looks.withLock { $0 } - looks <= 2)
                isFresh = !numbers.contains(last)
            }
            #expect(isFresh)

            host.delay.withLock { $0 = .milliseconds(400) }
            let number = revisions.commit()
            async let report = live.passAfterWrite(of: "r\(number)", within: .seconds(10))
            try await Task.sleep(for: .milliseconds(50))
            let begun = ContinuousClock.now
            #expect(await live.refreshedView(maximumAge: .zero) != nil)
            #expect(ContinuousClock.now - begun < .seconds(5))
            #expect(await report != nil)
        }
    }

    @Test func whoWaitsWhenTheLoopEndsIsToldAndStreamsFinish() async throws {
        let reports = live.reports()
        let waiting = Mutex<Task<PassReport?, Never>?>(nil)
        try await withLoop {
            host.delay.withLock { $0 = .milliseconds(200) }
            let task = Task { await live.passAfterWrite(of: "never", within: .seconds(50)) }
            waiting.withLock { $0 = task }
        }
        _ = await waiting.withLock { $0 }?.value
        var count = 0
        for await _ in reports { count += 1 }
        #expect(count >= 1)
    }
}

/// A repository whose head moves with each commit.
final class MovingRevisions: RevisionSource {
    private let number = Mutex(1)

    var newest: Int { number.withLock { $0 } }

    func commit() -> Int {
        number.withLock { number in
            number += 1
            return number
        }
    }

    func read(now: Timestamp) async throws(RevisionFailure) -> DesiredRevision {
        DesiredRevision(id: "r\(newest)", catalog: .empty)
    }

    func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}

/// A host with nothing on it.
final class SlowHost: Backend {
    let delay = Mutex(Duration.zero)
    let looks = Mutex(0)

    func observe(_ request: ObservationRequest) async throws -> ObservedState {
        looks.withLock { $0 += 1 }
        try await Task.sleep(for: delay.withLock { $0 })
        return ObservedState(takenAt: SystemClock().now(), host: HostIdentity(bootID: "b", namespace: 1))
    }

    func perform(_ operation: Reconciler.Operation) async throws(BackendError) {
        throw BackendError(.terminal, "nothing of the host was to change")
    }

    func events() -> AsyncStream<HostEvent> { AsyncStream { _ in } }
}

private struct NoSecrets: SecretSource {
    func resolve(_ reference: SecretReference, context: SecretContext) throws(SecretFailure) -> SecretKey {
        throw SecretFailure("none")
    }
    func interfaceKey(_ interface: String) throws(SecretFailure) -> SecretKey? { nil }
    func makeInterfaceKey(_ interface: String) throws(SecretFailure) -> SecretKey { throw SecretFailure("none") }
    func keepInterfaceKey(_ interface: String, _ key: SecretKey) throws(SecretFailure) {}
    func publicKey(of privateKey: SecretKey) -> PublicKey { PublicKey(words: privateKey.words) }
    func throwawayKey() -> PublicKey { PublicKey(words: (9, 9, 9, 9)) }
}

private struct NoNames: NameResolver {
    func address(of name: String) async -> IPAddress? { nil }
    func refresh(_ names: [String]) async {}
    func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}
