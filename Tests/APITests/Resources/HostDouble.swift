import Gateway
import Manifest
import Model
import Synchronization

@testable import Reconciler

/// A host that does what it is told at once, unless a test wants it to fail: only for what a real one can't be made to
/// do.
final class HostDouble: Reconciliation {
    /// What the test wants.
    struct Behaviour {
        /// Whether no pass ends in time.
        var isStuck = false
        /// Keys that the kernel does not let go.
        var keptKeys: Set<PublicKey> = []
        /// What fails, and why.
        var failing: [ObjectID: String] = [:]
        /// Handshakes by key.
        var handshakes: [PublicKey: Timestamp] = [:]
        /// Endpoints by key.
        var endpoints: [PublicKey: SocketAddress] = [:]
        /// Whether the loop is told to do nothing.
        var suspension: Suspension?
        /// Objects that somebody else changed, and nobody heals.
        var drifting: [ObjectID] = []
    }

    let behaviour = Mutex(Behaviour())
    let inventory: any Inventory
    private let store: any ConfigurationStore
    private let clock: any WallClock
    private let latest = Mutex<(view: GatewayView?, number: Int)>((nil, 0))
    private let passes = Mutex(0)
    /// What declared peers were called, as the inventory of a gateway remembers it.
    private let known = Mutex<[PublicKey: (name: String, id: String?)]>([:])

    init(_ store: any ConfigurationStore, inventory: any Inventory, clock: any WallClock) {
        self.store = store
        self.inventory = inventory
        self.clock = clock
    }

    var view: GatewayView? { latest.withLock { $0.view } }
    /// How many passes were made.
    var passCount: Int { passes.withLock { $0 } }

    func refreshedView(maximumAge: Duration) async -> GatewayView? { view }

    func preview(_ options: PassOptions) async throws -> PassReport { try await pass(options) }

    func pass(_ options: PassOptions) async throws -> PassReport {
        let snapshot = try await store.snapshot()
        let now = clock.now()
        let catalog = snapshot.tree.result(now: now).catalog
        passes.withLock { $0 += 1 }
        let behaviour = behaviour.withLock { $0 }
        var report = report(snapshot, catalog ?? .empty, behaviour, now)
        report.number = latest.withLock { $0.number + 1 }
        latest.withLock { latest in
            latest.number += 1
            latest.view = GatewayView(
                report: report, catalog: catalog, interval: .seconds(30), nextInstant: nil, lookedAt: .zero,
                number: latest.number)
        }
        return report
    }

    func passAfterWrite(of revision: String, within time: Duration) async -> PassReport? {
        guard !behaviour.withLock({ $0.isStuck }) else { return nil }
        return try? await pass(PassOptions(trigger: "test"))
    }

    func reports() -> AsyncStream<PassReport> { AsyncStream { $0.finish() } }

    private func report(
        _ snapshot: ConfigurationSnapshot, _ catalog: Catalog, _ behaviour: Behaviour, _ now: Timestamp
    ) -> PassReport {
        var observed = ObservedState(takenAt: now, host: HostIdentity(bootID: "boot", namespace: 1))
        var changes: [Change] = []
        var outcomes: [Outcome] = []
        let before = view?.report.observed
        for peer in catalog.peers {
            known.withLock { $0[peer.publicKey] = (peer.name, PeerQuery.id(of: peer, in: snapshot.tree)) }
        }
        for (index, interface) in catalog.interfaces.enumerated() {
            observed.links.append(
                ObservedLink(
                    index: index + 2, name: interface.name, kind: "wireguard", mtu: 1420, isUp: interface.enabled,
                    addresses: interface.address))
            var peers = catalog.peers.filter { $0.interface == interface.name && $0.enabled }.map { peer in
                ObservedPeer(
                    publicKey: peer.publicKey, endpoint: behaviour.endpoints[peer.publicKey],
                    allowedIPs: peer.serverAllowedIPs,
                    lastHandshake: behaviour.handshakes[peer.publicKey], receivedBytes: 10, sentBytes: 20)
            }
            let present = Set(peers.map(\.publicKey))
            for old in before?.devices[interface.name]?.peers ?? [] where !present.contains(old.publicKey) {
                let isDeclared = catalog.peers.contains { $0.publicKey == old.publicKey }
                let (name, id) = known.withLock { $0[old.publicKey] } ?? ("gone", nil)
                let isKept = behaviour.keptKeys.contains(old.publicKey)
                if isKept { peers.append(old) }
                changes.append(
                    Change(
                        object: ObjectID(.peer, "\(interface.name)/\(name)"), publicKey: old.publicKey,
                        peerID: id, action: .delete, reason: isDeclared ? .revoked : .prune, fields: [],
                        impact: .sessionLoss, liveSessions: 0,
                        isReportOnly: false, digest: "000000000000"))
                outcomes.append(isKept ? .failed(message: "the kernel says no", isTerminal: false) : .done)
            }
            observed.devices[interface.name] = ObservedDevice(
                implementation: .kernel, privateKey: nil, publicKey: nil, listenPort: interface.listenPort, fwmark: 0,
                peers: peers)
        }
        for (object, message) in behaviour.failing.sorted(by: { $0.key < $1.key }) {
            changes.append(
                Change(
                    object: object, publicKey: nil, peerID: nil, action: .update, reason: .desiredChanged, fields: [],
                    impact: .none, liveSessions: 0, isReportOnly: false, digest: "111111111111"))
            outcomes.append(.failed(message: message, isTerminal: false))
        }
        for object in behaviour.drifting {
            changes.append(
                Change(
                    object: object, publicKey: nil, peerID: nil, action: .update, reason: .drift, fields: [],
                    impact: .none, liveSessions: 0, isReportOnly: true, digest: "222222222222"))
            outcomes.append(.held(because: "drift is only reported"))
        }
        let plan = Plan(
            id: "plan", revision: snapshot.revision, observedAt: now, changes: changes, steps: [], refusals: [],
            problems: [], unmet: [], notes: [])
        var report = PassReport(
            pass: "pass", trigger: "test", isPreview: false, startedAt: now, plan: plan, outcomes: outcomes,
            remaining: [],
            observed: observed)
        report.suspension = behaviour.suspension
        report.inForce = snapshot.revision
        report.revision = RevisionInfo(DesiredRevision(id: snapshot.revision, catalog: catalog))
        return report
    }
}
