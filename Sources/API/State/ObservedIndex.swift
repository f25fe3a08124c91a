import Model
import Reconciler

/// What the last pass saw and did, indexed for reads. Made once per view.
final class ObservedIndex: Sendable {
    /// How far an object is from what is declared.
    enum Standing: String, Sendable, CaseIterable {
        /// As declared.
        case inSync = "in_sync"
        /// Not applied yet.
        case pending
        /// Changed by somebody else, and left alone or not healed yet.
        case drifted
        /// It could not be applied.
        case failed
    }

    /// An object that is not in sync, and why.
    struct Trouble: Sendable {
        var standing: Standing
        var reason: String?
    }

    /// The view; nil before the first pass.
    let view: GatewayView?
    /// Peers that are in the kernel though nobody declares them any more: their removal failed, or waits.
    let lingering: [Lingering]
    private let peers: [String: [PublicKey: Int]]
    private let troubles: [ObjectID: Trouble]

    /// A peer that was not removed.
    struct Lingering: Sendable {
        var id: String
        var interface: String
        var name: String
        var publicKey: PublicKey
    }

    init(_ view: GatewayView?) {
        self.view = view
        guard let view else {
            (peers, troubles, lingering) = ([:], [:], [])
            return
        }
        let present = view.report.observed.devices.mapValues { device in
            var positions: [PublicKey: Int] = [:]
            positions.reserveCapacity(device.peers.count)
            for (position, peer) in device.peers.enumerated() { positions[peer.publicKey] = position }
            return positions
        }
        peers = present
        troubles = Self.troubles(view.report)
        lingering = view.report.results.compactMap { change, outcome in
            guard change.object.kind == .peer, change.action == .delete, let id = change.peerID,
                let key = change.publicKey, outcome != .done
            else { return nil }
            let parts = change.object.name.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2, present[parts[0]]?[key] != nil else { return nil }
            return Lingering(id: id, interface: parts[0], name: parts[1], publicKey: key)
        }
    }

    /// When the host was looked at; nil: never.
    var takenAt: Timestamp? { view?.report.observed.takenAt }

    /// The revision that is enforced.
    var revision: String? { view?.report.inForce }

    /// How many objects were changed by somebody else, and are not healed.
    var driftCount: Int { troubles.values.count { $0.standing == .drifted } }

    /// The worst that any object is: failed, pending, drifted or in sync.
    var worstStanding: Standing {
        let found = Set(troubles.values.map(\.standing))
        return [.failed, .pending, .drifted].first(where: found.contains) ?? .inSync
    }

    /// A peer as the host has it.
    func peer(_ key: PublicKey, of interface: String) -> ObservedPeer? {
        guard let position = peers[interface]?[key] else { return nil }
        return view?.report.observed.devices[interface]?.peers[position]
    }

    /// A device as the host has it.
    func device(_ interface: String) -> ObservedDevice? { view?.report.observed.devices[interface] }

    /// A link as the host has it.
    func link(_ interface: String) -> ObservedLink? {
        view?.report.observed.links.first { $0.name == interface }
    }

    /// What is wrong with an object; nil: nothing.
    func trouble(_ object: ObjectID) -> Trouble? { troubles[object] }

    /// What is wrong with objects after a pass.
    static func troubles(_ report: PassReport) -> [ObjectID: Trouble] {
        var troubles: [ObjectID: Trouble] = [:]
        for (object, message) in report.unresolved { troubles[object] = Trouble(standing: .pending, reason: message) }
        for change in report.remaining {
            troubles[change.object] = Trouble(
                standing: change.reason == .drift ? .drifted : .pending, reason: "it differs from what is declared")
        }
        for (change, outcome) in report.results {
            switch outcome {
            case .done: continue
            case .planned: troubles[change.object] = Trouble(standing: .pending, reason: nil)
            case .held(let why):
                troubles[change.object] = Trouble(
                    standing: change.reason == .drift ? .drifted : .pending, reason: why)
            case .failed(let message, _): troubles[change.object] = Trouble(standing: .failed, reason: message)
            case .notTried(let why): troubles[change.object] = Trouble(standing: .failed, reason: "not tried: \(why)")
            }
        }
        for problem in report.plan.problems {
            troubles[problem.object] = Trouble(standing: .failed, reason: problem.message)
        }
        for (object, message) in report.flapping { troubles[object] = Trouble(standing: .failed, reason: message) }
        for (object, failure) in report.failing {
            troubles[object] = Trouble(standing: .failed, reason: failure.message)
        }
        return troubles
    }
}
