import Model

/// Collects the changes and steps of a plan in the making.
struct PlanBuilder {
    let input: PlanInput
    let digest: any Digest
    let namedRemovals: Set<PublicKey>
    private(set) var changes: [Change] = []
    private(set) var steps: [Step] = []
    var problems: [PlanProblem] = []
    var notes: [PlanNote] = []
    var unmet: Set<Requirement> = []
    private var masks: [DigestValue: Int] = [:]

    init(input: PlanInput, digest: any Digest) {
        self.input = input
        self.digest = digest
        namedRemovals = input.namedRemovals
    }

    /// The observed links by name.
    private(set) lazy var links = Dictionary(input.observed.links.map { ($0.name, $0) }) { first, _ in first }

    /// What the forwarder did for peers when they were applied, of those for which that is not the default.
    private(set) lazy var appliedDNS: [PeerID: PeerDNSFields] = {
        var found: [PeerID: PeerDNSFields] = [:]
        for (object, text) in input.inventory.applied where object.kind == .peer && AppliedRecord.hasDNS(text) {
            if let peer = PeerID(object) { found[peer] = AppliedRecord(text).dns }
        }
        return found
    }()

    /// Whether a part of the host could not be read.
    func isUnreadable(_ part: UnreadablePart.Part) -> Bool { input.observed.unreadable.contains { $0.part == part } }

    /// Why an object differs: the host moved away from what was applied, or the desired state did.
    func reason(_ object: ObjectID, digest: String) -> Change.Reason {
        guard let applied = input.inventory.applied[object] else { return .desiredChanged }
        return AppliedRecord(applied).digest == digest ? .drift : .desiredChanged
    }

    /// Adds a change and returns its index.
    mutating func add(
        _ object: ObjectID, _ action: Change.Action, _ reason: Change.Reason, fields: [FieldChange] = [],
        impact: Change.Impact = .none, liveSessions: Int = 0, publicKey: PublicKey? = nil, isReportOnly: Bool = false
    ) -> Int {
        changes.append(
            Change(
                object: object, publicKey: publicKey, peerID: publicKey.flatMap { peerID(object, $0) },
                action: action, reason: reason, fields: fields, impact: impact, liveSessions: liveSessions,
                isReportOnly: isReportOnly && reason == .drift,
                digest: digest(object, action, fields, publicKey)))
        return changes.count - 1
    }

    private func peerID(_ object: ObjectID, _ key: PublicKey) -> String? {
        let peer = PeerID(interface: object.interfaceName, publicKey: key)
        return (input.desired.peers[peer] ?? input.inventory.peers[peer])?.id
    }

    /// Adds a step.
    mutating func step(
        _ phase: Step.Phase, _ operation: Operation, changes: [Int], requires: Set<Requirement> = [],
        provides: Requirement? = nil
    ) {
        steps.append(
            Step(phase: phase, operation: operation, changes: changes, requires: requires, provides: provides))
    }

    /// The mask of a secret: equal secrets of one plan get equal numbers.
    mutating func mask(_ secret: SecretKey?) -> String? {
        guard let secret, !secret.isZero else { return nil }
        return mask(of: secret.withBytes { digest.digest($0) })
    }

    /// The mask of a secret text.
    mutating func mask(_ secret: String?) -> String? {
        secret.map { mask(of: digest.digest(Array($0.utf8))) }
    }

    private mutating func mask(of value: DigestValue) -> String {
        let number = masks[value] ?? masks.count + 1
        masks[value] = number
        return "<secret #\(number)>"
    }

    private func digest(
        _ object: ObjectID, _ action: Change.Action, _ fields: [FieldChange], _ publicKey: PublicKey?
    ) -> String {
        var form = CanonicalForm()
        form.append(object.kind.rawValue)
        form.append(object.name)
        form.append(action.rawValue)
        if let publicKey { form.append(publicKey.bytes) }
        for field in fields {
            form.append(field.field)
            form.append(field.before ?? "\u{0}")
            form.append(field.after ?? "\u{0}")
        }
        return digest.digest(form.bytes).short
    }

    /// The plan: changes in reading order, steps in execution order.
    func finish() -> Plan {
        let order = changes.indices.sorted { a, b in
            let (x, y) = (changes[a], changes[b])
            if x.isRevocation != y.isRevocation { return x.isRevocation }
            return x.object != y.object ? x.object < y.object : a < b
        }
        var position = [Int](repeating: 0, count: changes.count)
        for (new, old) in order.enumerated() { position[old] = new }
        var sorted = order.map { changes[$0] }
        let cuts = PathCuts(input, sorted)
        for index in cuts.indices { sorted[index].impact = .lockoutRisk }
        let steps = steps.enumerated().sorted { ($0.element.phase, $0.offset) < ($1.element.phase, $1.offset) }
            .map { entry in
                var step = entry.element
                step.changes = step.changes.map { position[$0] }
                return step
            }
        var form = CanonicalForm()
        form.append(input.revision)
        for change in sorted { form.append(change.digest) }
        return Plan(
            id: digest.digest(form.bytes).short, revision: input.revision, observedAt: input.observed.takenAt,
            changes: sorted, steps: steps,
            refusals: input.isTeardown ? [] : Rails(input: input, digest: digest, cuts: cuts).refusals(of: sorted),
            problems: problems, unmet: unmet, notes: notes)
    }
}
