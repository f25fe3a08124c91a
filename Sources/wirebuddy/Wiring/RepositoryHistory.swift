import Gateway
import Manifest
import Model
import Reconciler
import Repository

/// The history of the configuration repository as the use cases see it; a rollback is checked like every other write.
struct RepositoryHistory: ConfigurationHistory {
    let repository: ConfigurationRepository
    let check: WriteCheck
    let clock: SystemClock

    func entries(limit: Int, offset: Int) async throws(GatewayFailure) -> HistoryPage {
        do throws(HistoryFailure) {
            let total = try await repository.historyLength()
            let entries = try await repository.history(limit: limit, offset: offset)
            let head = offset == 0 && limit > 0 ? entries.first : try await repository.history(limit: 1).first
            return HistoryPage(entries: entries, total: total, head: head?.revision)
        } catch {
            throw GatewayFailure(error)
        }
    }

    func commit(_ revision: String) async throws(GatewayFailure) -> CommittedRevision {
        do throws(RollbackFailure) {
            return try await repository.commit(revision)
        } catch {
            throw GatewayFailure(error)
        }
    }

    func declared(at reference: String) async throws(GatewayFailure) -> DesiredRevision {
        do throws(RollbackFailure) {
            return try await repository.declared(at: reference, now: clock.now())
        } catch {
            throw GatewayFailure(error)
        }
    }

    func rollBack(_ request: RollbackRequest) async throws(GatewayFailure) -> RollbackResult {
        let rollback: Rollback
        do throws(RollbackFailure) {
            rollback = try await repository.rollback(to: request.revision, now: clock.now())
        } catch {
            throw GatewayFailure(error)
        }
        var result = RollbackResult(
            target: rollback.target,
            restored: rollback.restored.map { peer in
                RestoredPeer(
                    interface: peer.interface, name: peer.name, publicKey: peer.publicKey, reason: peer.reason,
                    digest: check.digest.digest(peer.canonicalForm.bytes).short)
            })
        if request.isDryRun {
            try await preview(rollback, request, &result)
        } else {
            try await commit(rollback, request, &result)
        }
        return result
    }

    private func preview(
        _ rollback: Rollback, _ request: RollbackRequest, _ result: inout RollbackResult
    ) async throws(GatewayFailure) {
        let tree: ManifestTree
        do {
            tree = try await repository.tree(now: clock.now()).tree
            result.change = try rollback.change(on: tree)
            for file in result.change?.files ?? [] {
                let old = try tree.bytes(of: file.path)
                result.diff += UnifiedDiff(path: file.path, old: old, new: file.content).lines
            }
        } catch let failure as RevisionFailure {
            throw GatewayFailure(failure)
        } catch {
            throw .failed("\(error)")
        }
        guard result.change != nil else { return }
        // What a plan is made of before there is a commit.
        let candidate = DesiredRevision(id: "dry-run", catalog: rollback.catalog, origin: "dry run")
        let finding = try await judge(candidate, base: tree, request, result.restored)
        result.notes = finding.notes
        result.plan = finding.report
    }

    private func commit(
        _ rollback: Rollback, _ request: RollbackRequest, _ result: inout RollbackResult
    ) async throws(GatewayFailure) {
        let made = RollbackWrite()
        let restored = result.restored
        var write = WriteRequest(
            author: CommitAuthor(name: request.author.name, email: request.author.email),
            trailers: [
                CommitTrailer("Request-Id", request.requestID), CommitTrailer("Via", request.via), rollback.trailer,
            ],
            now: clock.now(),
            check: { candidate in
                guard let tree = made.tree else { return }
                made.note(try await judge(candidate, base: tree, request, restored))
            },
            intent: { tree in
                let change = try rollback.change(on: tree)
                made.run(tree, change)
                return change
            })
        write.mayRepair = true
        let receipt: WriteReceipt
        do throws(WriteFailure) {
            receipt = try await repository.write(write)
        } catch {
            throw GatewayFailure(error)
        }
        guard !receipt.isUnchanged else { return }
        result.change = made.change
        result.revision = receipt.revision
        result.notes = made.notes
        if case .ahead(let count) = receipt.remote { result.ahead = count }
    }

    /// Plan and rails against the tree of the rollback, and the peers that need their own approval.
    private func judge(
        _ candidate: DesiredRevision, base: ManifestTree, _ request: RollbackRequest, _ restored: [RestoredPeer]
    ) async throws(GatewayFailure) -> WriteCheck.Finding {
        let revoked = restored.filter { !request.approvals.contains($0.digest) }
        guard revoked.isEmpty else {
            throw .refusedByRail(
                revoked.map { peer in
                    RefusedRail(
                        rail: "revoked-peer",
                        message: "peer \(peer.interface)/\(peer.name) \(peer.reason):"
                            + " the rollback would let it in again",
                        digest: peer.digest)
                })
        }
        return try await check.run(
            candidate, base: base, consent: DeleteConsent(), approvals: request.approvals, passesRails: false,
            isDryRun: request.isDryRun)
    }
}

extension GatewayFailure {
    init(_ failure: HistoryFailure) {
        switch failure {
        case .noRepository: self = .conflict(failure.description)
        case .unknownPeer(let why), .unreadable(let why): self = .failed(why)
        }
    }

    init(_ failure: RollbackFailure) {
        switch failure {
        case .unknown(let why): self = .unknownRevision(why)
        case .invalid(_, let problems): self = .invalidRepository(problems)
        case .unreadable(let why): self = .failed(why)
        }
    }
}
