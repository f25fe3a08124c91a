import Model
import Synchronization
import Testing

@testable import Reconciler

/// What the forwarder does for single peers: a change of it is a line of the plan, though no kernel knows of it.
@Suite struct PeerDNSTests {
    private func catalog(_ change: (inout Peer) -> Void = { _ in }) -> Catalog {
        Sample.catalog(peers: [Sample.peer(1, change), Sample.peer(2)])
    }

    private static func unfiltered(_ peer: inout Peer) {
        peer.dns.filtering = false
        peer.dns.blocklists = ["malware", "ads"]
        peer.dns.log = false
    }

    private static let fields = [
        FieldChange("dns.filtering", before: "true", after: "false"),
        FieldChange("dns.blocklists", before: "all enabled", after: "ads, malware"),
        FieldChange("dns.log", before: "true", after: "false"),
    ]

    @Test func aChangeIsShownOnceAndTouchesNoKernel() async throws {
        let gateway = FakeGateway(catalog())
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let before = gateway.inventory.current.applied
        let operations = gateway.host.operationCount
        for (change, fields) in [
            (Self.unfiltered, Self.fields),
            ({ _ in }, Self.fields.map { FieldChange($0.field, before: $0.after, after: $0.before) }),
        ] as [((inout Peer) -> Void, [FieldChange])] {
            gateway.revisions.set(catalog(change), id: fields[0].after ?? "")
            let preview = try await controller.preview(.apply)
            let report = try await controller.pass(.loop)
            let line = try #require(report.plan.changes.first)
            #expect(report.plan.changes.count == 1 && preview.plan.changes.map(\.digest) == [line.digest])
            #expect(line.object.description == "Peer wg0/p1" && line.action == .update && line.fields == fields)
            #expect(line.reason == .desiredChanged && line.impact == .none && line.liveSessions == 0)
            #expect(report.exitCode == .success && report.outcomes == [.done])
            #expect(gateway.host.operationCount == operations)
            #expect(try await controller.pass(.apply).plan.changes.isEmpty)
            // A new process finds the same.
            #expect(try await gateway.start().preview(.apply).plan.changes.isEmpty)
        }
        #expect(gateway.inventory.current.applied == before)
    }

    @Test func aNewPeerSaysWhatItHasOfItsOwn() async throws {
        let gateway = FakeGateway(catalog(Self.unfiltered))
        let controller = gateway.start()
        let made = try await controller.pass(.apply).plan.changes.filter { $0.object.kind == .peer }
        #expect(made.map { $0.fields.map(\.field) } == [["allowed_ips"] + Self.fields.map(\.field), ["allowed_ips"]])
        #expect(made[0].fields.allSatisfy { $0.before == nil } && made[0].fields.last?.after == "false")
        #expect(try await controller.pass(.apply).plan.changes.isEmpty)
    }

    /// What somebody did to the kernel is healed along with it, and a peer that comes back is of its new settings.
    @Test(arguments: [true, false]) func itGoesWithWhatTheKernelLacks(_ isGone: Bool) async throws {
        let gateway = FakeGateway(catalog())
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.host.edit { kernel in
            kernel.with("wg0") { link in
                link.device?.peers.removeAll { isGone && $0.publicKey == Sample.key(1) }
                for index in link.device?.peers.indices ?? 0..<0 { link.device?.peers[index].persistentKeepalive = 7 }
            }
        }
        gateway.revisions.set(catalog(Self.unfiltered), id: "r2")
        let report = try await controller.pass(.apply)
        #expect(report.exitCode == .success && report.plan.changes.count == 2)
        let first = try #require(report.plan.changes.first)
        #expect(first.action == (isGone ? .create : .update) && first.fields.map(\.after).contains("ads, malware"))
        #expect(try await controller.pass(.apply).plan.changes.isEmpty)
        #expect(try await gateway.start().preview(.apply).plan.changes.isEmpty)
    }

    /// The kernel refuses the rest of the change: that is still to be done, and is no drift.
    @Test func theRestThatFailsIsStillAChange() async throws {
        let gateway = FakeGateway(catalog())
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.revisions.set(
            catalog {
                Self.unfiltered(&$0)
                $0.routes = ["192.168.50.0/24"].compactMap { Prefix($0) }
            }, id: "r2")
        gateway.host.state.withLock { state in
            state.failure = { _, operation in
                if case .configurePeers = operation { BackendError(.transient, "busy") } else { nil }
            }
        }
        #expect(try await controller.pass(.apply).exitCode != .success)
        gateway.host.state.withLock { $0.failure = nil }
        let again = try await controller.pass(.apply)
        let line = try #require(again.plan.changes.first { $0.object.kind == .peer })
        #expect(line.fields.map(\.field) == ["allowed_ips"] && line.reason == .desiredChanged)
        #expect(again.exitCode == .success)
    }

    @Test func aFullDiskIsSaidAndTriedAgain() async throws {
        let gateway = FakeGateway(catalog())
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.revisions.set(catalog(Self.unfiltered), id: "r2")
        gateway.inventory.state.withLock { $0.isFull = true }
        #expect(try await controller.pass(.apply).exitCode != .success)
        gateway.inventory.state.withLock { $0.isFull = false }
        let report = try await controller.pass(.apply)
        #expect(report.plan.changes.first?.fields == Self.fields && report.exitCode == .success)
        #expect(try await controller.pass(.apply).plan.changes.isEmpty)
    }
}
