public import Model
public import Reconciler

/// Puts together what `status` shows.
public struct StatusQuery: Sendable {
    /// What the gateway says of itself.
    public var facts: any GatewayFacts
    /// What is remembered between passes.
    public var inventory: any Inventory

    /// A query.
    public init(facts: any GatewayFacts, inventory: any Inventory) {
        self.facts = facts
        self.inventory = inventory
    }

    /// The status after a pass or a preview.
    ///
    /// - Parameters:
    ///   - pass: the newest look at the host.
    ///   - catalog: what is declared, for the names of peers.
    ///   - now: the time it is made.
    ///   - events: how many events it holds.
    /// - Throws: when the inventory can't be read.
    public func report(
        _ pass: PassReport, catalog: Catalog?, at now: Timestamp, events: Int
    ) async throws -> StatusReport {
        let remembered = try await inventory.snapshot()
        let repository = await facts.repository()
        var report = StatusReport(at: now, config: facts.config, state: facts.state)
        report.exitCode = pass.exitCode
        report.head = pass.revision.map {
            StatusReport.Head(id: $0.id, origin: $0.origin, edited: repository.edited, notes: repository.notes)
        }
        report.remote = repository.remote
        switch pass.revisionFailure {
        case .unreadable(let why): report.headProblems = [why]
        case .invalid(let revision, let problems):
            report.headProblems = ["revision \(revision) is not valid"] + problems
        case nil: break
        }
        report.lastApplied = remembered.lastApplied
        report.lastAttempted = try await inventory.revisions(limit: 1).first
        report.lastPass = remembered.lastPass
        if !pass.isPreview, report.lastPass.map({ $0 < pass.startedAt }) ?? true { report.lastPass = pass.startedAt }
        report.daemon = facts.daemon
        report.suspension = pass.suspension
        report.checkpoint = remembered.checkpoint.flatMap { $0.state == .confirmed ? nil : $0 }
        // One that opened since is found open by the next pass.
        report.window = pass.window.flatMap { window in window.opensAt.map { $0 <= now } ?? false ? nil : window }
        report.revocations = remembered.revocations.filter { $0.until > now }
        // What could not be recorded is known to the pass alone.
        report.conditions = pass.isPreview || pass.storeFailure != nil ? pass.conditions : remembered.conditions
        report.events = try await inventory.events(limit: events)
        let names = Dictionary(grouping: catalog?.peers ?? [], by: \.interface).mapValues { peers in
            Dictionary(peers.map { ($0.publicKey, $0.name) }, uniquingKeysWith: { first, _ in first })
        }
        let ids = Dictionary(grouping: pass.peers, by: \.key.interface).mapValues { peers in
            Dictionary(peers.map { ($0.key.publicKey, $0.value.id) }, uniquingKeysWith: { first, _ in first })
        }
        report.interfaces = remembered.interfaces.keys.sorted().map {
            InterfaceStatus($0, observed: pass.observed, names: names[$0] ?? [:], ids: ids[$0] ?? [:])
        }
        return report
    }
}
