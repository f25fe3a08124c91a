import Credentials
import Model
import Synchronization

@testable import Reconciler

/// A gateway in memory that steps happen to, and what has to be remembered to judge it afterwards.
final class World {
    let gateway: FakeGateway
    let checkpoints: FakeCheckpoints
    var controller: Controller
    var declaration = Declaration()
    /// Counts the revisions.
    var revision = 1
    /// What each step came to, in words.
    var notes: [String] = []
    /// Why the sequence fails, as soon as something happened that never may.
    var failure: String?

    /// A session of a peer: the number it was given, and where it is seen.
    struct Session: Equatable {
        var number: UInt64
        var endpoint: SocketAddress?
    }

    /// The sessions that nothing that happened may end.
    var sessions: [PeerID: Session] = [:]
    /// Counts sessions.
    var sessionCount: UInt64 = 0
    /// The links of others as they were made, by name.
    var foreignLinks: [String: String] = [:]
    /// The routes of others.
    var foreignRoutes: Set<Route> = []
    /// Whether a router advertised a default route and nobody else took it.
    var isAdvertised = false
    /// Whether somebody else wrote kernel parameters, or what is known of them: then nobody can tell their former values.
    var lostParameters = false
    /// Whether what was applied may be unknown: then nobody can tell a roamed peer from one that was pinned anew.
    var lostRecords = false
    /// The expiries that a pass enforced and recorded: no clock brings these peers back.
    var expired: [PeerID: Timestamp] = [:]
    /// The keys that somebody deleted by name.
    var named: Set<PublicKey> = []
    /// The keys whose revocation was done: nothing brings them back but a document that enables them.
    var gone: Set<PublicKey> = []
    /// Counts what others plant.
    var planted = 0

    static let docker = ForeignPlace(
        program: .docker, chain: ForeignChain(family: "ip", table: "filter", name: "DOCKER-USER"), hook: .forward)
    /// What the text of every secret contains.
    static let canary = String(secret(0).exposedText().suffix(28))

    /// A secret that nobody has.
    static func secret(_ number: Int) -> SecretKey {
        SecretKey(words: (UInt64(number) + 1000, 0x7365_6372_6574_2121, 0x6361_6E61_7279_2121, 0x2121_2121_2121_2121))
    }

    init() async throws {
        gateway = FakeGateway(declaration.catalog)
        for number in 0..<4 { gateway.secrets.keys.withLock { $0["wg\(number)"] = Self.secret(number) } }
        for (number, reference) in Declaration.secrets.enumerated() {
            gateway.secrets.values.withLock { $0[reference] = Self.secret(10 + number) }
        }
        checkpoints = FakeCheckpoints(gateway.inventory)
        checkpoints.know(declaration.catalog, id: "r1")
        controller = Self.start(gateway, checkpoints)
        _ = try await controller.pass(Self.options)
        connect()
        sessions = peersSeen()
    }

    /// A new process; without checkpoints nothing is on trial.
    static func start(_ gateway: FakeGateway, _ checkpoints: FakeCheckpoints? = nil) -> Controller {
        var ports = gateway.ports
        ports.integrations = [.docker]
        let clock = gateway.clock
        if let checkpoints {
            ports.checkpoints = CheckpointPorts(
                store: checkpoints, keeper: checkpoints, watchdog: checkpoints,
                uptime: { Int64(clock.uptime() / .milliseconds(1)) }, bootID: gateway.host.kernel.bootID)
        }
        return Controller(ports)
    }

    /// An explicit pass without consents.
    static var options: PassOptions {
        var options = PassOptions.apply
        options.waitsForNames = false
        return options
    }

    func note(_ text: String) { notes.append(text) }

    /// What must never happen did.
    func fail(_ why: String) { failure = failure ?? why }

    /// The revision of the documents as they are now.
    func push() {
        revision += 1
        checkpoints.know(declaration.catalog, id: "r\(revision)")
        gateway.revisions.set(declaration.catalog, id: "r\(revision)")
    }

    /// A pass, or its sudden end.
    func pass(_ options: PassOptions) async {
        do {
            let report = try await controller.pass(options)
            note(report)
            expectNoSecret(in: report)
            if report.exitCode == .success { noteExpired() }
            expectGone()
            if report.revisionFailure == nil, !report.isTeardown { noteGone() }
        } catch {
            note("pass \(options.trigger): \(error)")
        }
        if gateway.fate.isDead { restart("killed in the middle of it") }
        connect()
    }

    private func note(_ report: PassReport) {
        var words = "pass \(report.trigger): \(report.plan.changes.count) changes"
        if let healing = report.healing { words += ", \(healing.plan.changes.count) from what is in force" }
        if report.restoration != nil { words += ", restores what was confirmed" }
        if report.hasBegunCheckpoint { words += ", waits for a confirmation" }
        note("\(words), exit \(report.exitCode)")
    }

    private func noteExpired() {
        let (now, kernel) = (gateway.clock.now(), gateway.host.kernel)
        for peer in declaration.peers where peer.enabled {
            guard let expiry = peer.expiresAt, expiry <= now, let link = kernel.link(peer.interface),
                link.device?.peers.contains(where: { $0.publicKey == peer.publicKey }) == false
            else { continue }
            expired[PeerID(interface: peer.interface, publicKey: peer.publicKey)] = expiry
        }
    }

    /// A new process on the same host and state directory.
    func restart(_ why: String) {
        gateway.fate.revive()
        gateway.host.state.withLock { $0.dieAfter = nil }
        gateway.inventory.state.withLock { $0.dieAfter = nil }
        controller = Self.start(gateway, checkpoints)
        note("a new process: \(why)")
    }

    /// The options that consent to everything the next plan asks for.
    func consents() async throws -> PassOptions {
        var options = Self.options
        options.adopt = declaration.names
        let preview = try await controller.preview(options)
        options.approvals = Set(preview.plan.refusals.map(\.digest))
        if let refusal = preview.clockRefusal { options.approvals.insert(refusal.digest) }
        return options
    }

    // MARK: Sessions

    /// Every peer of ours without a session begins one: it is known by a number and seen from its own address.
    func connect() {
        let (now, foreign, first) = (gateway.clock.now(), Set(foreignLinks.keys), sessionCount)
        let pinned = Set(declaration.peers.filter { $0.endpoint != nil }.map(\.publicKey))
        sessionCount = gateway.host.state.withLock { state -> UInt64 in
            var count = first
            for link in state.kernel.links where link.device != nil && !foreign.contains(link.name) {
                state.kernel.with(link.name) { link in
                    for peer in (link.device?.peers ?? []).indices {
                        guard var seen = link.device?.peers[peer] else { continue }
                        Self.connect(&seen, at: now, roams: !pinned.contains(seen.publicKey), &count)
                        link.device?.peers[peer] = seen
                    }
                }
            }
            return count
        }
    }

    private static func connect(
        _ peer: inout ObservedPeer, at now: Timestamp, roams: Bool, _ count: inout UInt64
    ) {
        peer.lastHandshake = now
        guard peer.receivedBytes == 0 else { return }
        count += 1
        peer.receivedBytes = count
        if peer.endpoint == nil, roams {
            peer.endpoint = SocketAddress(IPAddress(v4: 0xC633_6400 + UInt32(count % 250)), port: 40_000)
        }
    }

    /// The sessions of all peers.
    func peersSeen() -> [PeerID: Session] {
        var found: [PeerID: Session] = [:]
        for link in gateway.host.kernel.links {
            for peer in link.device?.peers ?? [] {
                found[PeerID(interface: link.name, publicKey: peer.publicKey)] = Session(
                    number: peer.receivedBytes, endpoint: peer.endpoint)
            }
        }
        return found
    }

    /// What happened may end these sessions.
    func disturb(_ disturbance: Disturbance) {
        sessions = sessions.filter {
            !disturbance.peers.contains($0.key) && !disturbance.interfaces.contains($0.key.interface)
        }
    }

    func disturb(interface name: String) { disturb(Disturbance(interfaces: [name])) }
}
