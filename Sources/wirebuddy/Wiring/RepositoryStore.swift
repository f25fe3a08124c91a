import Gateway
import Manifest
import Model
import Reconciler
import Repository
import Synchronization

/// The configuration repository as the use cases write it: every write is checked against the host before its commit.
struct RepositoryStore: ConfigurationStore {
    let repository: ConfigurationRepository
    let check: WriteCheck
    let clock: SystemClock

    func snapshot() async throws(GatewayFailure) -> ConfigurationSnapshot {
        do {
            let now = clock.now()
            let state = try await repository.tree(now: now)
            var tree = state.tree
            tree.remember(await check.inventory(), at: now)
            return ConfigurationSnapshot(revision: state.revision, tree: tree, problems: state.problems)
        } catch {
            throw GatewayFailure(error)
        }
    }

    func preview(_ request: IntentRequest) async throws(GatewayFailure) -> WritePreview {
        let snapshot = try await snapshot()
        let outcome = try request.intent.run(snapshot.tree)
        var tree = snapshot.tree
        var finding = WriteCheck.Finding()
        if let change = outcome.change {
            tree.apply(change)
            let result = tree.result(now: clock.now(), completion: .writeBack)
            guard let catalog = result.catalog else {
                throw .invalidRepository(result.problems.filter { $0.severity == .error }.map { $0.render() })
            }
            finding = try await check.run(
                DesiredRevision(id: "dry-run", catalog: catalog, origin: "dry run"), base: snapshot.tree,
                consent: outcome.consent, approvals: request.approvals, passesRails: request.intent.passesRails,
                isDryRun: true)
        }
        return WritePreview(
            revision: snapshot.revision, outcome: outcome, base: snapshot.tree, tree: tree, report: finding.report,
            notes: finding.notes)
    }

    func write(_ request: IntentRequest) async throws(GatewayFailure) -> WriteResult {
        let inventory = await check.inventory()
        let now = clock.now()
        // The intent runs inside the repository, again for each newer head: the last run is the one that was committed.
        let last = Mutex<(outcome: IntentOutcome, base: ManifestTree)?>(nil)
        let notes = Mutex<[String]>([])
        var write = WriteRequest(
            author: CommitAuthor(name: request.author.name, email: request.author.email),
            trailers: [CommitTrailer("Request-Id", request.requestID), CommitTrailer("Via", request.via)],
            now: now,
            check: { candidate in
                guard let (outcome, base) = last.withLock({ $0 }) else { return }
                let found = try await check.run(
                    candidate, base: base, consent: outcome.consent, approvals: request.approvals,
                    passesRails: request.intent.passesRails)
                notes.withLock { $0 = found.notes }
            },
            intent: { tree in
                var tree = tree
                tree.remember(inventory, at: now)
                let outcome = try request.intent.run(tree)
                last.withLock { $0 = (outcome, tree) }
                return outcome.change
            })
        // Taking access away must not wait for somebody to correct what else is wrong, as long as the result is valid.
        write.mayRepair = request.intent.isRevocation
        do {
            let receipt = try await repository.write(write)
            guard let (outcome, _) = last.withLock({ $0 }) else {
                throw GatewayFailure.failed("the intent did not run")
            }
            return WriteResult(
                revision: receipt.revision, isUnchanged: receipt.isUnchanged, outcome: outcome,
                ahead: receipt.aheadCount, notes: notes.withLock { $0 })
        } catch let failure as GatewayFailure {
            throw failure
        } catch let failure as WriteFailure {
            throw GatewayFailure(failure)
        } catch {
            throw .failed("\(error)")
        }
    }
}

extension WriteReceipt {
    /// How many commits the remote lacks.
    fileprivate var aheadCount: Int? {
        if case .ahead(let count) = remote { count } else { nil }
    }
}

extension GatewayFailure {
    init(_ failure: RevisionFailure) {
        switch failure {
        case .unreadable(let why): self = .failed(why)
        case .invalid(_, let problems): self = .invalidRepository(problems)
        }
    }

    init(_ failure: WriteFailure) {
        switch failure {
        case .refused(let failure as GatewayFailure): self = failure
        case .refused(let error): self = .failed("\(error)")
        case .readOnly(let why): self = .readOnly(why)
        case .dirty(let paths): self = .dirty(paths)
        case .conflict(let what), .diverged(let what):
            self = .conflict(what.split(separator: "\n").joined(separator: ", ").replacing("    ", with: ""))
        case .invalid(let problems): self = .invalidRepository(problems)
        case .unreadable(let why), .failed(let why): self = .failed(why)
        }
    }
}
