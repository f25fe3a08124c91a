import Credentials
import Gateway
import Manifest
import Model
import Reconciler
import Repository

/// The plan of one revision against another, from a checkout alone: no root, no state directory, no network, and
/// nothing is written.
struct BasePlan {
    let composition: GatewayComposition
    /// What a gateway would have applied.
    let base: String
    /// What it would apply next.
    let head: String

    /// - Throws: ``CommandFailure`` when one of them isn't here, or the base is of no use.
    func report(_ options: PassOptions) async throws -> PassReport {
        let repository = composition.repository
        let now = composition.clock.now()
        let before: DesiredRevision
        do throws(RevisionFailure) {
            before = try await revision(base, in: repository, now: now)
        } catch {
            throw CommandFailure(base: base, error)
        }
        let after: any RevisionSource
        do throws(RevisionFailure) {
            after = FixedRevision(try await revision(head, in: repository, now: now))
        } catch {
            if case .unreadable(let why) = error { throw CommandFailure(.error, why) }
            after = UnusableRevision(failure: error)
        }
        let simulation = Simulation(
            digest: composition.digest, clock: composition.clock, publicKey: { KeyPair.publicKey(of: $0) },
            logger: composition.logger())
        do {
            return try await Progress.show("planning", isTerminal: Console.messagesAreOnTerminal) {
                try await simulation.plan(after, from: before, options)
            }
        } catch let failure as SimulationFailure {
            throw CommandFailure(.error, "there is nothing to plan from: \(failure)")
        }
    }

    private func revision(
        _ reference: String, in repository: ConfigurationRepository, now: Timestamp
    ) async throws(RevisionFailure) -> DesiredRevision {
        let files: RepositoryTree
        do throws(RollbackFailure) {
            files = try await repository.tree(at: reference, now: now)
        } catch {
            switch error {
            case .unknown(let why), .unreadable(let why): throw .unreadable(why)
            case .invalid(let revision, let problems): throw .invalid(revision: revision, problems: problems)
            }
        }
        // What peers leave out is filled in as the gateway's next write-back would.
        let result = files.tree.result(now: now, completion: .writeBack)
        guard files.problems.isEmpty, let catalog = result.catalog else {
            let problems = files.problems.isEmpty ? result.problems.map { $0.render() } : files.problems
            throw .invalid(revision: files.revision, problems: problems)
        }
        return DesiredRevision(
            id: files.revision, catalog: catalog, warnings: result.problems.map { $0.render() },
            origin: "\(reference) of \(repository.directory)")
    }
}

extension CommandFailure {
    /// A base that can't be planned from. A plan against nothing would show everything as new, which it is not.
    fileprivate init(base: String, _ failure: RevisionFailure) {
        switch failure {
        case .unreadable(let why): self.init(.error, why)
        case .invalid(let revision, let problems):
            self.init(
                .error, "there is nothing to plan from: the base \(base) (\(revision)) is not valid", details: problems)
        }
    }
}

/// A revision that can't be used.
private struct UnusableRevision: RevisionSource {
    let failure: RevisionFailure

    func read(now: Timestamp) async throws(RevisionFailure) -> DesiredRevision { throw failure }

    func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}
