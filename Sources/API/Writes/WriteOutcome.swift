import Gateway
import Manifest
import Model
import Reconciler

/// What became of a write on the host: `reconcile` of an answer.
struct WriteOutcome: Sendable {
    /// How far it got.
    enum State: String, Sendable, CaseIterable {
        /// Read back as it was declared.
        case converged
        /// Not done yet: the time ran out, or the loop is suspended.
        case pending
        /// Tried, and not as declared afterwards.
        case failed
    }

    private let revision: String
    /// How far it got.
    let state: State
    /// How many changes of what was written the pass made.
    private let changes: Int
    private let errors: [Fault]

    /// What is in the way of an object.
    private struct Fault: Sendable {
        var object: ObjectID?
        var message: String
    }

    /// - Parameter report: what the pass that applied it saw and did; nil: there was none yet.
    init(result: WriteResult, report: PassReport?) {
        revision = result.revision
        guard let report else {
            (state, changes, errors) = (.pending, 0, [])
            return
        }
        let outcomes = result.outcome.parts.isEmpty ? [result.outcome] : result.outcome.parts
        let objects = outcomes.flatMap { ObjectID.objects(of: $0.object, planName: $0.planName) }
        let wanted = Set(objects)
        let results = report.results.filter { wanted.contains($0.change.object) }
        changes = results.count { $0.outcome == .done }
        let troubles = ObservedIndex.troubles(report)
        var failed: [Fault] = []
        var pending: [Fault] = []
        if let failure = report.revisionFailure {
            failed.append(Fault(object: nil, message: Self.text(failure)))
        }
        let remaining = Self.remaining(result.outcome.revoked, report, troubles)
        failed += remaining
        for object in objects where !remaining.contains(where: { $0.object == object }) {
            guard let trouble = troubles[object] else { continue }
            let fault = Fault(object: object, message: trouble.reason ?? "not applied yet")
            // What was tried in this pass and still differs did not work.
            let isTried = results.contains { $0.change.object == object && $0.outcome == .done }
            if trouble.standing == .failed || isTried { failed.append(fault) } else { pending.append(fault) }
        }
        if results.contains(where: { if case .held = $0.outcome { true } else { false } }) {
            for refusal in report.plan.refusals {
                failed.append(Fault(object: nil, message: "refused by \(refusal.rail): \(refusal.message)"))
            }
        }
        errors = failed + pending
        state = !failed.isEmpty ? .failed : pending.isEmpty ? .converged : .pending
    }

    /// Access that was to be taken away and is still there.
    private static func remaining(
        _ revoked: [PeerKey], _ report: PassReport, _ troubles: [ObjectID: ObservedIndex.Trouble]
    ) -> [Fault] {
        var keys: [String: Set<PublicKey>] = [:]
        for (name, device) in report.observed.devices where revoked.contains(where: { $0.interface == name }) {
            keys[name] = Set(device.peers.map(\.publicKey))
        }
        return revoked.compactMap { peer in
            guard keys[peer.interface]?.contains(peer.publicKey) ?? false else { return nil }
            let change = report.results.first { $0.change.publicKey == peer.publicKey }
            let object = change?.change.object ?? ObjectID(.peer, "\(peer.interface)/\(peer.publicKey)")
            let why = troubles[object]?.reason.map { ": \($0)" } ?? ""
            return Fault(
                object: object, message: "access was not taken away, the peer is still in the kernel\(why)")
        }
    }

    /// Says what was not applied.
    var failureMessage: String {
        let first = errors.first.map { fault in fault.object.map { "\($0): \(fault.message)" } ?? fault.message }
        let more = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
        return "committed as \(revision), not applied: \(first ?? "the reason is not known")\(more)"
    }

    var json: JSONValue {
        Self.json(
            revision, state, changes: changes,
            errors: errors.map { fault in
                let object = fault.object.map { object in
                    JSONValue.object([
                        ("kind", .string(object.kind.rawValue)), ("name", .string(object.name)),
                    ])
                }
                return .object([("object", object ?? .null), ("message", .string(fault.message))])
            })
    }

    /// What is known of a write that was done before.
    static func replayed(_ record: IdempotencyRecord, in state: ResourceState) -> JSONValue {
        let isApplied = state.observed.revision == record.revision
        return json(record.revision, isApplied ? .converged : .pending, changes: 0, errors: [])
    }

    private static func json(
        _ revision: String, _ state: State, changes: Int, errors: [JSONValue]
    ) -> JSONValue {
        .object([
            ("revision", .string(revision)), ("state", .string(state.rawValue)), ("changes", .number(changes)),
            ("errors", .array(errors)),
        ])
    }

    private static func text(_ failure: RevisionFailure) -> String {
        switch failure {
        case .unreadable(let why): why
        case .invalid(let revision, let problems):
            "revision \(revision) is not valid: \(problems.prefix(3).joined(separator: "; "))"
        }
    }
}

extension ObjectID {
    /// The objects of plans and reports that have to be as declared for a declared one to be in force. Who may reach what
    /// is also a matter of the firewall as a whole.
    static func objects(of identity: ObjectIdentity, planName: String? = nil) -> [ObjectID] {
        guard let object = ObjectID(identity, planName: planName) else { return [] }
        return [.access, .forward].contains(object.kind) ? [object, .firewallTable] : [object]
    }

    /// The object of plans and reports that stands for a declared one; nil for kinds that no plan speaks of.
    ///
    /// - Parameter planName: what plans call it, where that is not its name.
    init?(_ identity: ObjectIdentity, planName: String? = nil) {
        if identity == .settings {
            self = .apiSettings
            return
        }
        guard let kind = Kind(rawValue: identity.kind) else { return nil }
        let name = planName ?? (identity == .dnsSettings ? "forwarder" : identity.name)
        self.init(kind, identity.interface.map { "\($0)/\(name)" } ?? name)
    }
}
