import Model

/// The conditions of the gateway and its objects after a pass. Pure; no message holds a time, so that a pass that finds
/// nothing new changes none of them.
struct Conditions {
    private var found: [Key: String] = [:]
    private var isReady = true
    private var readyMessage = ""
    /// Whether what was said of the listeners stays, because another process knows.
    private let keepsListeners: Bool

    private struct Key: Hashable {
        let object: ObjectID?
        let kind: Condition.Kind
    }

    init(_ report: PassReport, blocked: [Revocation], names: [PublicKey: ObjectID]) {
        keepsListeners =
            report.listeners == nil && !report.isTeardown && !report.observed.projections.dns.settings.isEmpty
        if report.isTeardown { notReady("taken down; `wirebuddy apply` or `serve` brings it back") }
        addCheckpoint(report)
        addWindow(report)
        addRevision(report)
        addOutcomes(report.results, failing: report.failing)
        if let healing = report.healing {
            addOutcomes(Array(zip(healing.plan.changes, healing.outcomes)), failing: report.failing)
        }
        addPlan(report)
        addHost(report)
        addListeners(report.listeners ?? [])
        // Who can't observe applies what is declared all the same: the gateway is ready.
        if !report.hindrances.isEmpty {
            set(.telemetry, .waiting, report.hindrances.sorted().joined(separator: "\n"))
        }
        for revocation in blocked {
            let object = names[revocation.publicKey]
            let who = object == nil ? "key \(revocation.publicKey)" : "the key"
            set(object, .revoked, "\(who) is blocked until \(revocation.until) by \(revocation.author)")
        }
    }

    /// The rows: `Ready` of the gateway always, everything else only while it holds. `since` stays while a condition does.
    func rows(previous: [Condition], now: Timestamp) -> [Condition] {
        let before = Dictionary(
            previous.map { (Key(object: $0.object, kind: $0.kind), $0) }, uniquingKeysWith: { first, _ in first })
        let row = { (key: Key, holds: Bool, message: String) in
            let old = before[key]
            let since = old?.holds == holds ? old?.since ?? now : now
            return Condition(object: key.object, kind: key.kind, holds: holds, message: message, since: since)
        }
        var rows = [row(Key(object: nil, kind: .ready), isReady, readyMessage)]
        rows += found.map { row($0.key, true, $0.value) }
        if keepsListeners { rows += previous.filter { $0.object == .dnsListeners } }
        return rows.sorted(by: Self.order)
    }

    /// Orders gateway first, then by object and kind.
    static func order(_ a: Condition, _ b: Condition) -> Bool {
        if a.object != b.object {
            guard let first = a.object else { return true }
            guard let second = b.object else { return false }
            return first < second
        }
        return a.kind.rawValue < b.kind.rawValue
    }

    private mutating func set(_ object: ObjectID?, _ kind: Condition.Kind, _ message: String) {
        let key = Key(object: object, kind: kind)
        if found[key] == nil { found[key] = message }
    }

    private mutating func notReady(_ message: String) {
        if isReady { readyMessage = message }
        isReady = false
    }

    /// The deadline is in the status: no message holds a time.
    private mutating func addCheckpoint(_ report: PassReport) {
        if let failure = report.checkpointFailure {
            notReady(failure)
            set(nil, .stalled, failure)
        }
        guard let checkpoint = report.checkpoint else { return }
        let (tried, confirmed) = (checkpoint.tried, checkpoint.confirmed)
        if checkpoint.state.isOpen {
            let newer = report.waitsFor == nil ? "" : "; newer revisions wait"
            let probes = checkpoint.waitingProbes.map { "\($0.probe)" }.joined(separator: ", ")
            let answers = probes.isEmpty ? "" : "probes have to succeed first: \(probes); then "
            set(
                nil, .waiting,
                "revision \(tried) waits for its confirmation, or else \(confirmed) is restored\(newer): \(answers)"
                    + (checkpoint.isConfirmedByProbes
                        ? "it is confirmed by itself"
                        : "POST /api/confirm from where you need access, or `wirebuddy confirm --console` here"))
        } else if report.restoration == nil || report.restoration?.failure != nil {
            let why = report.restoration?.failure ?? checkpoint.message
            let message = "revision \(tried) is rolled back, and restoring \(confirmed) failed: \(why)"
            notReady(message)
            set(nil, .stalled, message)
        }
    }

    /// When it opens is in the status.
    private mutating func addWindow(_ report: PassReport) {
        guard let window = report.window, window.effect == .holds, let head = report.revision?.id else { return }
        let message =
            "revision \(head) is not applied, \(window.reason); `wirebuddy apply` here applies it all the same"
        notReady(message)
        set(nil, window.failure == nil ? .waiting : .stalled, message)
    }

    private mutating func addRevision(_ report: PassReport) {
        switch report.revisionFailure {
        case .unreadable(let message):
            notReady(message)
            set(nil, .stalled, message)
        case .invalid(_, let problems):
            let message = problems.prefix(20).joined(separator: "\n")
            notReady(message)
            set(nil, .stalled, message)
        case nil: break
        }
        switch report.revision?.obstacle {
        case .diverged(let message): set(nil, .stalled, message)
        case .unreachable(let message): set(nil, .waiting, "the remote can't be reached: \(message)")
        case nil: break
        }
        for refusal in report.plan.refusals + [report.clockRefusal].compactMap(\.self) {
            let message = "\(refusal.rail): \(refusal.message); approve it with --approve \(refusal.digest)"
            notReady(message)
            set(nil, .stalled, message)
        }
        if let failure = report.storeFailure {
            notReady(failure)
            set(nil, .stalled, failure)
        }
        if let suspension = report.suspension { set(nil, .suspended, suspension.reason) }
    }

    private mutating func addOutcomes(
        _ results: [(change: Change, outcome: Outcome)], failing: [ObjectID: FailingObject]
    ) {
        for (change, outcome) in results {
            let object = change.object
            switch outcome {
            case .done, .planned: continue
            case .failed(let message, _): notReady("\(object): \(message)")
            case .notTried(let because):
                notReady("\(object): not tried, \(because)")
                set(object, .waiting, because)
            case .held(let because):
                if !change.isReportOnly { notReady("\(object): \(failing[object]?.message ?? because)") }
                guard change.reason == .drift else { continue }
                set(object, .drifted, Self.difference(change))
                set(nil, .drifted, "the host differs from what was applied; `wirebuddy drift` shows where")
            }
        }
    }

    private mutating func addPlan(_ report: PassReport) {
        for problem in report.plan.problems {
            notReady("\(problem.object): \(problem.message)")
            set(problem.object, problem.kind == .consent ? .waiting : .stalled, problem.message)
        }
        for (object, failure) in report.failing.sorted(by: { $0.key < $1.key }) {
            let kind: Condition.Kind = failure.isTerminal ? .stalled : .reconciling
            set(object, kind, failure.message)
            set(nil, kind, "\(object): \(failure.message)")
        }
        for (object, message) in report.flapping.sorted(by: { $0.key < $1.key }) {
            notReady("\(object): \(message)")
            set(object, .stalled, message)
        }
        for (object, message) in report.unresolved { set(object, .waiting, message) }
    }

    private mutating func addHost(_ report: PassReport) {
        var messages: [String: [String]] = [:]
        for block in report.observed.blocks {
            let message = "\(block.chain) drops \(block.what); let it pass with: \(block.command)"
            messages[block.interface, default: []].append(message)
        }
        // One interface may be blocked by several chains: each has its own command.
        for (interface, all) in messages.sorted(by: { $0.key < $1.key }) {
            set(ObjectID(.interface, interface), .blockedByFirewall, all.joined(separator: "\n"))
        }
        guard !messages.isEmpty else { return }
        let names = messages.keys.sorted().joined(separator: ", ")
        set(nil, .blockedByFirewall, "foreign firewall chains drop traffic of \(names)")
    }

    /// A forwarder that can't answer somewhere yet is no fault of the revision: the gateway is ready all the same.
    private mutating func addListeners(_ listeners: [ForwarderListener]) {
        let answering = listeners.filter { $0.waiting == nil }.map(\.place).sorted()
        if !answering.isEmpty { set(.dnsListeners, .ready, "listening on \(answering.joined(separator: ", "))") }
        let waiting = listeners.compactMap { listener in listener.waiting.map { "\(listener.place): \($0)" } }.sorted()
        if !waiting.isEmpty { set(.dnsListeners, .waiting, waiting.joined(separator: "\n")) }
    }

    private static func difference(_ change: Change) -> String {
        let fields = change.fields.map { "\($0.field): \($0.before ?? "absent") instead of \($0.after ?? "absent")" }
        return fields.isEmpty ? "\(change.action.rawValue) is needed" : fields.joined(separator: "; ")
    }
}
