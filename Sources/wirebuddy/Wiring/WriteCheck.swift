import Database
import Gateway
import Manifest
import Model
import Reconciler

/// Whether the host would take what a write makes of the repository: plan and rails against the new tree, before the
/// commit. Where this process can't look at the host, only what left the tree is counted.
struct WriteCheck: Sendable {
    /// The gateway of this host; nil where it can't be looked at.
    let gateway: RunningGateway?
    let digest: any Digest
    let now: @Sendable () -> Timestamp
    /// Whether this is the daemon, which knows the addresses of names and must not keep passes waiting for new ones.
    var isDaemon = false

    /// What was found.
    struct Finding: Sendable {
        /// The plan; nil where the host was not looked at.
        var report: PassReport?
        /// What people should know.
        var notes: [String] = []
    }

    /// Looks, and stores the consents that the write carries for the pass that applies it.
    ///
    /// - Parameters:
    ///   - base: the tree before the write.
    ///   - consent: what the write names for deletion.
    ///   - approvals: digests that were consented to.
    ///   - passesRails: whether the write only takes access away, or only consents: it is not held up by rails that
    ///     refuse other things.
    ///   - isDryRun: whether nothing is to be stored.
    /// - Throws: ``GatewayFailure/refusedByRail(_:)``.
    func run(
        _ candidate: DesiredRevision, base: ManifestTree, consent: DeleteConsent, approvals: Set<String>,
        passesRails: Bool, isDryRun: Bool = false
    ) async throws(GatewayFailure) -> Finding {
        guard let gateway else {
            return try offline(candidate, base: base, consent, approvals, passesRails)
        }
        do {
            return try await online(gateway, candidate, consent, approvals, passesRails, isDryRun)
        } catch let failure as GatewayFailure {
            throw failure
        } catch {
            var finding = try offline(candidate, base: base, consent, approvals, passesRails)
            finding.notes = ["the host could not be looked at: \(error)"]
            return finding
        }
    }

    /// What this gateway remembers of peers; nothing where this host is none.
    func inventory() async -> InventorySnapshot {
        (try? await gateway?.database.snapshot()) ?? InventorySnapshot()
    }

    private func online(
        _ gateway: RunningGateway, _ candidate: DesiredRevision, _ consent: DeleteConsent, _ approvals: Set<String>,
        _ passesRails: Bool, _ isDryRun: Bool
    ) async throws -> Finding {
        var options = PassOptions(trigger: "write")
        options.source = FixedRevision(candidate)
        options.waitsForNames = !isDaemon
        // The pass that applies it looks for itself, and the rails are asked again then.
        if !isDryRun { options.maximumAge = .seconds(1) }
        // Also a peer that isn't in the kernel now: it may be back when the pass comes.
        let removals = consent.keys.map { NamedRemoval(of: $0, at: now()).approval }
        options.approvals = approvals.union(removals)
        var report = try await gateway.controller.preview(options)
        var consents = options.approvals
        if !report.plan.refusals.isEmpty {
            let named = report.plan.changes.filter { consent.covers($0) }.map(\.digest)
            if !named.isEmpty {
                options.approvals.formUnion(named)
                consents.formUnion(named)
                report = try await gateway.controller.preview(options)
            }
        }
        var finding = Finding(report: report, notes: Self.notes(report))
        let rails = report.plan.refusals.map { RefusedRail(rail: $0.rail, message: $0.message, digest: $0.digest) }
        if !rails.isEmpty {
            guard passesRails else { throw GatewayFailure.refusedByRail(rails) }
            finding.notes += rails.map { "rail \($0.rail) refuses other changes of this revision: \($0.message)" }
        }
        guard !isDryRun else { return finding }
        // The daemon may see the commit before this command says another word: its consents stand there first.
        let known = try await gateway.database.snapshot().approvals
        for digest in consents.subtracting(known).sorted() {
            try await gateway.database.approve(digest, at: now())
        }
        return finding
    }

    private static func notes(_ report: PassReport) -> [String] {
        let problems = report.plan.problems.prefix(5).map { "\($0.object): \($0.message)" }
        let more = report.plan.problems.count - problems.count
        return problems + (more > 0 ? ["and \(more) more problems: see `wirebuddy plan`"] : [])
    }

    private func offline(
        _ candidate: DesiredRevision, base: ManifestTree, _ consent: DeleteConsent, _ approvals: Set<String>,
        _ passesRails: Bool
    ) throws(GatewayFailure) -> Finding {
        let rails = OfflineRails(digest: digest).refusals(from: base, to: candidate.catalog, consent: consent)
            .filter { !approvals.contains($0.digest) }
        guard rails.isEmpty || passesRails else { throw .refusedByRail(rails) }
        return Finding(report: nil, notes: [])
    }
}

extension DeleteConsent {
    /// Whether a change is a deletion that was named.
    fileprivate func covers(_ change: Change) -> Bool {
        guard change.action == .delete else { return false }
        switch change.object.kind {
        case .interface: return interfaces.contains(change.object.name)
        case .user: return users.contains(change.object.name)
        default: return false
        }
    }
}
