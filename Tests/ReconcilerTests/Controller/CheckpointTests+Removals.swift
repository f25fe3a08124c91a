import Model
import Synchronization
import Testing

@testable import Reconciler

/// Whoever is taken away while a change is on trial stays out when it is undone.
extension CheckpointTests {
    @Test func whatWasRevokedSinceStaysOut() async throws {
        let daemon = start()
        _ = try await daemon.pass(.apply)
        // r2 disables 2; in the window 3 is deleted by name and 4 blocked.
        let revision = { (numbers: [Int]) in
            Sample.catalog(
                [Sample.interface("wg0", port: 51820, "10.8.0.99/24")],
                peers: numbers.map { number in Sample.peer(number) { if number == 2 { $0.enabled = false } } })
        }
        let (tried, later) = (revision([1, 2, 3, 4]), revision([1, 2, 4]))
        checkpoints.know(tried, id: "r2")
        gateway.revisions.set(tried, id: "r2")
        _ = try await daemon.pass(Self.trial)
        gateway.revisions.set(later, id: "r3")
        let now = gateway.clock.now()
        try await gateway.inventory.port.approve(NamedRemoval(of: Sample.key(3), at: now).approval, at: now)
        try await gateway.inventory.port.revoke(
            Revocation(publicKey: Sample.key(4), until: now.advanced(bySeconds: 3600), author: "root"))
        let waiting = try await daemon.pass(.loop)
        let left = gateway.host.kernel.peerKeys
        #expect(waiting.waitsFor == "r2" && left == [Sample.key(1)], "\(left) \(waiting.results)")
        gateway.clock.advance(by: .seconds(61))
        // The head can't even be read any more.
        gateway.revisions.set(.failure(.unreadable("gone")))
        _ = try await start().pass(Self.watchdog)
        #expect(state == .rolledBack && gateway.host.kernel.peerKeys == [Sample.key(1)])
        #expect(gateway.host.kernel.address == "10.8.0.1/24")
        checkpoints.state.withLock { $0.isWatching = false }
        gateway.revisions.set(later, id: "r3")
        _ = try await daemon.pass(.loop)
        #expect(gateway.host.kernel.peerKeys == [Sample.key(1)] && gateway.host.kernel.address == "10.8.0.1/24")
    }

    /// Also where the removal comes with what is tried, and where the process is killed right after it.
    @Test(arguments: [false, true]) func whatIsRemovedByNameWithTheTrialStaysOut(_ isKilled: Bool) async throws {
        let daemon = start()
        _ = try await daemon.pass(.apply)
        let now = gateway.clock.now()
        try await gateway.inventory.port.approve(NamedRemoval(of: Sample.key(4), at: now).approval, at: now)
        gateway.revisions.set(Self.after, id: "r2")
        if isKilled {
            let next = gateway.host.operationCount
            gateway.host.state.withLock { $0.dieAfter = next }
        }
        _ = try? await daemon.pass(Self.trial)
        gateway.fate.revive()
        gateway.host.state.withLock { $0.dieAfter = nil }
        #expect(!gateway.host.kernel.peerKeys.contains(Sample.key(4)))
        gateway.clock.advance(by: .seconds(61))
        _ = try await start().pass(Self.watchdog)
        #expect(state == .rolledBack && gateway.host.kernel.peerKeys == [1, 2, 3].map(Sample.key))
    }

    /// A key that the trial disables stays out, also where it moved to another interface first.
    @Test func whoWasDisabledOnAnotherInterfaceStaysOut() async throws {
        let daemon = start()
        _ = try await daemon.pass(.apply)
        let tried = Sample.catalog(
            [Sample.interface(), Sample.interface("wg1", port: 51821, "10.9.0.1/24")],
            peers: [1, 2, 3].map { Sample.peer($0) }
                + [Sample.peer(4, interface: "wg1") { $0.enabled = false }])
        checkpoints.know(tried, id: "r2")
        gateway.revisions.set(tried, id: "r2")
        _ = try await daemon.pass(Self.trial)
        gateway.clock.advance(by: .seconds(61))
        _ = try await start().pass(Self.watchdog)
        #expect(state == .rolledBack && gateway.host.kernel.peerKeys == [1, 2, 3].map(Sample.key))
    }
}
