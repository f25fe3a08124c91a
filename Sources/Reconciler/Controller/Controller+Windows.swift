import Logging
import Model

/// The revision whose change windows decide about the head.
enum RevisionInForce {
    /// None ever was, or the pass is about something else.
    case none
    /// This one.
    case known(Target)
    /// It can't be read any more: the windows of the head have to do.
    case unreadable(revision: String, why: String, head: Target)
}

/// Change windows: when the loop takes a new revision into force. Those of the revision in force count, so that nobody gets
/// around a window with the change of it.
extension Controller {
    /// Finds the revision in force. Another process may have brought one into force since.
    func revisionInForce(
        _ snapshot: InventorySnapshot, _ read: Result<Target, RevisionFailure>, _ options: PassOptions, now: Timestamp
    ) async -> RevisionInForce {
        guard options.scope == .everything, case .success(let head) = read else { return .none }
        let wanted: String?
        if let checkpoint = snapshot.checkpoint, checkpoint.state.isOpen || checkpoint.state.isRestoring {
            wanted = checkpoint.state.isOpen ? checkpoint.tried : checkpoint.confirmed
        } else if let confirmed = snapshot.confirmed, confirmed != knownConfirmed {
            wanted = confirmed
        } else {
            wanted = lastGood?.revision ?? snapshot.confirmed
        }
        guard let wanted else { return .none }
        if let known = [lastGood, inForce].compactMap(\.self).first(where: { $0.revision == wanted }) {
            return .known(known)
        }
        if head.revision == wanted { return .known(head) }
        // Without a keeper only this process knows what is in force.
        guard let keeper = ports.checkpoints?.keeper else { return .none }
        do {
            guard let kept = try await keeper.kept(wanted, now: now) else {
                return .unreadable(revision: wanted, why: "its files are gone", head: head)
            }
            return .known(
                Target(.lastGood, revision: kept.id, catalog: kept.catalog, index: CatalogIndex(kept.catalog)))
        } catch {
            return .unreadable(revision: wanted, why: "\(error)", head: head)
        }
    }

    /// Whether its windows are closed.
    func closedWindow(of base: RevisionInForce, at now: Timestamp) -> ClosedWindow? {
        let (revision, settings, failure): (String, Settings, String?)
        switch base {
        case .none: return nil
        case .known(let target): (revision, settings, failure) = (target.revision, target.catalog.settings, nil)
        case .unreadable(let id, let why, let head): (revision, settings, failure) = (id, head.catalog.settings, why)
        }
        let calendar = ChangeCalendar(settings.windows)
        guard !calendar.isOpen(at: now) else { return nil }
        return ClosedWindow(revision: revision, opensAt: calendar.opening(from: now), failure: failure)
    }

    /// Remembers what is in force, and heals from it while a head waits.
    func follow(
        _ base: RevisionInForce, _ snapshot: InventorySnapshot, isClosed: Bool, head: Target, _ logger: Logger
    ) async {
        switch base {
        case .none: return
        case .known(let target):
            inForce = target
            knownConfirmed = snapshot.confirmed
            guard isClosed, head.kind == .head, head.revision != target.revision else { return }
            if lastGood?.revision != target.revision {
                lastGood = Target(
                    .lastGood, revision: target.revision, catalog: target.catalog, index: target.index)
            }
            await resolveNames(target, latest.value?.report.observed, wait: false)
        case .unreadable(let revision, let why, _):
            // Anything else that is remembered is just what must not be brought back.
            if isClosed { lastGood = nil }
            logger.error(
                "the revision in force can't be read", metadata: ["revision": "\(revision)", "error": "\(why)"])
        }
    }

    /// Whether closed windows keep a head from coming into force: it changes more than drift, or could, or the windows.
    func isHeld(_ look: Look, by window: ClosedWindow?, of base: RevisionInForce) -> Bool {
        guard let window, look.target.kind == .head, look.target.revision != window.revision else { return false }
        guard case .known(let target) = base else { return true }
        let (own, before) = (look.target.catalog.settings.windows, target.catalog.settings.windows)
        let isSame = own.count == before.count && zip(own, before).allSatisfy { $0.isDeclared(as: $1) }
        return !isSame || !look.plan.problems.isEmpty || !look.observed.unreadable.isEmpty
            || look.plan.changes.contains { !$0.isRevocation && $0.reason != .drift }
    }

    /// Holds a head: nothing but its revocations is done.
    ///
    /// - Returns: why.
    func hold(_ look: inout Look, by window: ClosedWindow?, _ logger: Logger) -> String? {
        guard let window else { return nil }
        let consents = look.snapshot.approvals.compactMap(NamedRemoval.init)
        look.heldRemovals = lastGood.map { removals(by: consents, $0, look) }
        if lastRecord?.id != look.target.revision || lastRecord?.status != .pending {
            logger.notice(
                "a revision waits for a change window",
                metadata: [
                    "revision": "\(look.target.revision)", "in_force": "\(window.revision)",
                    "opens": "\(window.opensAt?.description ?? "unknown")",
                ])
        }
        return window.reason
    }

    /// The peers of an older revision that somebody removed by name and that the head has not any more.
    private func removals(by consents: [NamedRemoval], _ older: Target, _ look: Look) -> Set<PeerID> {
        let named = Set(consents.map(\.publicKey))
        guard !named.isEmpty else { return [] }
        let declared = Set(
            look.target.catalog.peers.map { PeerID(interface: $0.interface, publicKey: $0.publicKey) })
        return Set(
            older.catalog.peers.lazy.filter { named.contains($0.publicKey) }
                .map { PeerID(interface: $0.interface, publicKey: $0.publicKey) }
                .filter { !declared.contains($0) })
    }

    /// Those whose removal counts now: they don't come back with the older revision.
    func removalsInForce(since older: Target?, _ look: Look) -> Set<PeerID> {
        guard let older else { return [] }
        let consents = look.snapshot.approvals.compactMap(NamedRemoval.init).filter { !$0.isOver(at: look.now) }
        return removals(by: consents, older, look)
    }
}
