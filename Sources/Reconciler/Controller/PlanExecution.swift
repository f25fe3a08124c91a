import Logging
import Model

/// Executes the steps of a plan in order. What fails stops what depends on it, not the rest.
struct PlanExecution {
    let plan: Plan
    /// Changes that are left alone on purpose, by index, and why.
    let held: [Int: Hold]
    /// Whether only revocations are executed.
    let isRestricted: Bool
    /// What is ours, kept up to date as it would be read from the inventory.
    private(set) var snapshot: InventorySnapshot
    /// The outcome of each change as far as the operations tell.
    private(set) var outcomes: [Outcome]
    /// The number of operations performed.
    private(set) var writes = 0
    /// Whether our table was written, so that its structure has to be read back and recorded.
    private(set) var wroteFirewall = false
    /// The time that operations of a kind took, for those that grow with the number of peers.
    private(set) var wireGuardTime: Duration = .zero
    private(set) var firewallTime: Duration = .zero

    private let observed: ObservedState
    private let inventory: any Inventory
    private let backend: any Backend
    private let projections: any Projections
    private let uptime: any UptimeClock
    private let progress: LoopProgress
    private let logger: Logger
    private var failed: [Requirement: String] = [:]
    private var heldPeers: [String: Set<PublicKey>] = [:]
    private var heldMembers: Set<String> = []

    init(
        _ plan: Plan, held: [Int: Hold], isRestricted: Bool, snapshot: InventorySnapshot, observed: ObservedState,
        ports: ControllerPorts, logger: Logger
    ) {
        self.plan = plan
        self.held = held
        self.isRestricted = isRestricted
        self.snapshot = snapshot
        self.observed = observed
        inventory = ports.inventory
        backend = ports.backend
        projections = ports.projections
        uptime = ports.uptime
        progress = ports.progress
        self.logger = logger
        outcomes = plan.changes.indices.map { held[$0].map { .held(because: $0.reason) } ?? .done }
        for requirement in plan.unmet { failed[requirement] = "\(requirement.text) is not available" }
        for index in held.keys {
            let change = plan.changes[index]
            if let key = change.publicKey { heldPeers[change.object.interfaceName, default: []].insert(key) }
            if change.object.kind == .firewall { heldMembers.insert(change.object.name) }
        }
    }

    /// Removes the peers that must go. They wait for nothing, not even for the journal.
    mutating func runRevocations() async {
        for step in plan.steps where step.phase == .revocations { await run(step) }
    }

    /// Executes everything else, until it is interrupted.
    mutating func runRest(until interruption: Interruption) async {
        guard !isRestricted else { return }
        for step in plan.steps where step.phase != .revocations {
            if interruption.isRequested {
                settle(step, .notTried(because: "the pass was interrupted"))
            } else {
                await run(step)
            }
        }
    }

    /// Gives everything but the revocations up, because what is to be done can't be recorded.
    mutating func giveUpRest(because message: String) {
        for (index, change) in plan.changes.enumerated() where !change.isRevocation && held[index] == nil {
            outcomes[index] = .notTried(because: message)
        }
    }

    private mutating func run(_ step: Step) async {
        progress.mark()
        guard let operation = permitted(step) else {
            if let provided = step.provides {
                let failure = step.changes.compactMap { held[$0]?.failure }.first
                failed[provided] = failure.map { Self.failed(provided, $0) } ?? "\(provided.text) is left alone for now"
            }
            return
        }
        if let missing = step.requires.compactMap({ failed[$0] }).min() {
            settle(step, .notTried(because: missing))
            if let provided = step.provides { failed[provided] = missing }
            return
        }
        do {
            try await recordIntent(of: operation, step)
        } catch {
            fail(step, BackendError(.transient, "the state database can't be written: \(error)"))
            return
        }
        var watch = Stopwatch(uptime)
        defer { count(watch.lap(), for: operation) }
        do throws(BackendError) {
            try await perform(operation)
            writes += 1
            if case .replaceFirewall = operation { wroteFirewall = true }
            if case .deleteFirewall = operation { wroteFirewall = true }
        } catch {
            writes += 1
            fail(step, error)
        }
    }

    private mutating func perform(_ operation: Operation) async throws(BackendError) {
        do {
            switch operation {
            case .projectUser(let user): try await projections.project(user)
            case .removeUser(let id): try await projections.removeUser(id: id)
            case .projectSettings(let rows): try await projections.project(settings: rows)
            case .projectDNS(let difference): try await projections.project(dns: difference)
            case .recordPeerDNS(let interface, let peers): try await record(peers, of: interface)
            case .recordPolicies(let records):
                try await inventory.recordApplied(records)
                for (object, record) in records { snapshot.applied[object] = record }
            default: return try await backend.perform(operation)
            }
        } catch let error as BackendError {
            throw error
        } catch {
            throw BackendError(.transient, "the state database can't be written: \(error)")
        }
    }

    /// Only this part of their records: whether the kernel has the rest is known when it is read back.
    private mutating func record(_ peers: [PublicKey: PeerDNSFields], of interface: String) async throws {
        var records: [ObjectID: String] = [:]
        for (key, fields) in peers {
            let object = ObjectID(peer: PeerID(interface: interface, publicKey: key))
            guard var record = snapshot.applied[object].map({ AppliedRecord($0) }) else { continue }
            record.dns = fields
            records[object] = record.text
        }
        try await inventory.recordApplied(records.mapValues { $0 })
        snapshot.applied.merge(records) { $1 }
    }

    private mutating func count(_ time: Duration, for operation: Operation) {
        switch operation {
        case .configureDevice, .configurePeers: wireGuardTime += time
        case .replaceFirewall, .changeFirewallElements, .deleteFirewall, .changeForeignRules: firewallTime += time
        default: break
        }
    }

    private mutating func fail(_ step: Step, _ error: BackendError) {
        logger.error("a step failed", metadata: ["step": "\(step.phase)", "error": "\(error.message)"])
        settle(step, .failed(message: error.message, isTerminal: error.kind == .terminal))
        if let provided = step.provides { failed[provided] = Self.failed(provided, error.message) }
    }

    private static func failed(_ requirement: Requirement, _ message: String) -> String {
        "\(requirement.text) failed: \(message)"
    }

    private mutating func settle(_ step: Step, _ outcome: Outcome) {
        for index in step.changes where held[index] == nil {
            if case .failed = outcomes[index] { continue }
            outcomes[index] = outcome
        }
    }

    /// The part of a step's operation that may be executed, or nil.
    private func permitted(_ step: Step) -> Operation? {
        if held.isEmpty || !step.changes.contains(where: { held[$0] != nil }) { return step.operation }
        switch step.operation {
        case .configurePeers(let link, let operations):
            let keys = heldPeers[link.name] ?? []
            let rest = operations.filter { !keys.contains($0.publicKey) }
            return rest.isEmpty ? nil : .configurePeers(link, rest)
        case .changeFirewallElements(let add, let remove) where step.provides == nil:
            let (add, remove) = (without(heldMembers, add), without(heldMembers, remove))
            return add.isEmpty && remove.isEmpty ? nil : .changeFirewallElements(add: add, remove: remove)
        case .changeForeignRules(let add, let remove):
            let isFree = { (rule: ForeignRule) in !heldMembers.contains(ObjectID(rule).name) }
            let rest = (add: add.filter(isFree), remove: remove.filter(isFree))
            return rest.add.isEmpty && rest.remove.isEmpty
                ? nil : .changeForeignRules(add: rest.add, remove: rest.remove)
        case .recordPeerDNS(let interface, let peers):
            let keys = heldPeers[interface] ?? []
            let rest = peers.filter { !keys.contains($0.key) }
            return rest.isEmpty ? nil : .recordPeerDNS(interface: interface, rest)
        case .recordPolicies(let records):
            let objects = Set(step.changes.lazy.filter { held[$0] != nil }.map { plan.changes[$0].object })
            let rest = records.filter { !objects.contains($0.key) }
            return rest.isEmpty ? nil : .recordPolicies(rest)
        case .projectDNS(let difference):
            let objects = step.changes.lazy.filter { held[$0] != nil }.map { plan.changes[$0].object }
            let rest = difference.without(Set(objects))
            return rest.isEmpty ? nil : .projectDNS(rest)
        default: return nil
        }
    }

    private func without(_ held: Set<String>, _ elements: FirewallElements) -> FirewallElements {
        var rest: FirewallElements = [:]
        for (set, members) in elements {
            let kept = members.filter { !held.contains(ObjectID(set, $0).name) }
            if !kept.isEmpty { rest[set] = kept }
        }
        return rest
    }

    /// What must be on disk before the operation, so that a crash leaves nothing that nobody owns.
    private mutating func recordIntent(of operation: Operation, _ step: Step) async throws {
        switch operation {
        case .createLink(let creation):
            try await recordIntent(creation.name, .created, creation.implementation, index: nil)
        case .setLink(let link, let change) where change.alias != nil:
            guard step.changes.contains(where: { plan.changes[$0].action == .adopt }) else { return }
            let implementation = observed.devices[link.name]?.implementation ?? .kernel
            try await recordIntent(link.name, .adopted, implementation, index: link.index)
        case .setSysctl(let sysctl, let value):
            guard let index = step.changes.first, plan.changes[index].object.kind == .sysctl,
                plan.changes[index].action != .delete
            else { return }
            let prior = snapshot.sysctls[sysctl]?.prior ?? observed.sysctls[sysctl] ?? value
            let ownership = SysctlOwnership(prior: prior, written: value)
            guard snapshot.sysctls[sysctl] != ownership else { return }
            try await inventory.recordSysctl(sysctl, ownership)
            snapshot.sysctls[sysctl] = ownership
        default: return
        }
    }

    private mutating func recordIntent(
        _ name: String, _ origin: OwnedInterface.Origin, _ implementation: ObservedDevice.Implementation, index: Int?
    ) async throws {
        let row = OwnedInterface(
            name: name, origin: snapshot.interfaces[name]?.origin ?? origin, host: observed.host, index: index,
            implementation: implementation)
        guard snapshot.interfaces[name] != row else { return }
        try await inventory.recordIntent(row)
        snapshot.interfaces[name] = row
    }
}

/// Why a change is left alone.
struct Hold {
    /// For people.
    let reason: String
    /// What failed before, when that is why.
    var failure: String?
}

extension Requirement {
    /// How people call it.
    var text: String {
        switch self {
        case .firewall: "the firewall"
        case .link(let name): "interface \(name)"
        case .device(let name): "the device of \(name)"
        case .up(let name): "link \(name) up"
        case .routerAdvertisementGuard: "the router advertisement guard"
        }
    }
}

extension ObjectID {
    /// The interface of an interface or peer; else empty.
    var interfaceName: String {
        switch kind {
        case .interface: name
        case .peer: String(name.prefix { $0 != "/" })
        case .route, .rule, .access, .forward, .firewall, .sysctl, .user, .settings, .dnsSettings, .blocklist, .dnsRule:
            ""
        }
    }
}
