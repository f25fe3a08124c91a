import Database
import Gateway
import Kernel
import Model
import Reconciler
import Repository

/// What became of a write on this host.
enum AppliedState: Sendable, Equatable {
    /// The daemon applied the revision, or a newer one that holds it.
    case applied
    /// The daemon runs and hasn't said anything about it yet.
    case pending
    /// The daemon could not apply it: why.
    case failed(String)
    /// No daemon runs here.
    case noDaemon
    /// This process can't know.
    case unknown

    /// Why it failed.
    var reason: String? {
        if case .failed(let why) = self { why } else { nil }
    }

    /// The word in JSON.
    var word: String {
        switch self {
        case .applied: "applied"
        case .pending: "pending"
        case .failed: "failed"
        case .noDaemon: "not-applied"
        case .unknown: "unknown"
        }
    }
}

/// What became of a write, and the keys that it revokes and that the host still lets in.
struct AppliedResult: Sendable {
    var state: AppliedState
    /// Where revoked keys were still found when the host was read last; nil: it was not read.
    var remaining: [PeerKey]?
}

/// Waits until the daemon of this host has applied a revision, and reads back that revoked keys are gone.
struct AppliedWatch: Sendable {
    let session: GatewaySession

    init(_ session: GatewaySession) {
        self.session = session
    }

    func wait(for result: WriteResult, seconds: Int64) async -> AppliedResult {
        let revoked = result.outcome.revoked
        let composition = session.composition
        guard composition.checks.networkRights().failure == nil else { return AppliedResult(state: .unknown) }
        let holder: String?
        do { holder = try composition.locks().daemonHolder() } catch { return AppliedResult(state: .unknown) }
        guard let gateway = session.gateway, holder != nil else {
            return AppliedResult(state: .noDaemon, remaining: await remaining(revoked, composition.backend))
        }
        let end = ContinuousClock.now + .seconds(seconds)
        // In the daemon the pass itself says when it is done.
        if let live = gateway.live { _ = await live.passAfterWrite(of: result.revision, within: .seconds(seconds)) }
        while true {
            let left = await remaining(revoked, gateway.backend)
            let state = await state(of: result.revision, gateway)
            if !revoked.isEmpty, left?.isEmpty == true { return AppliedResult(state: .applied, remaining: left) }
            if case .failed = state { return AppliedResult(state: state, remaining: left) }
            if state == .applied, revoked.isEmpty || left == nil { return AppliedResult(state: state, remaining: left) }
            if ContinuousClock.now >= end { return AppliedResult(state: .pending, remaining: left) }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    /// The record of the revision, or of the present head, which holds it.
    private func state(of revision: String, _ gateway: RunningGateway) async -> AppliedState {
        guard let record = try? await gateway.database.revisions(limit: 1).first else { return .pending }
        if record.id != revision {
            let head = try? await session.repository.read(now: session.composition.clock.now()).id
            guard record.id == head else { return .pending }
        }
        switch record.status {
        case .applied: return .applied
        case .failed: return .failed(record.message)
        case .pending, .superseded: return .pending
        }
    }

    /// The keys that the host still has; nil when it can't be read.
    private func remaining(_ keys: [PeerKey], _ backend: HostBackend) async -> [PeerKey]? {
        guard !keys.isEmpty else { return [] }
        let request = ObservationRequest(interfaces: Set(keys.map(\.interface)).sorted())
        guard let observed = try? await backend.observe(request) else { return nil }
        return keys.filter { key in
            observed.devices[key.interface]?.peers.contains { $0.publicKey == key.publicKey } ?? false
        }
    }
}
