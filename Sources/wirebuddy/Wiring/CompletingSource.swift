import Credentials
import Database
import Gateway
import Glibc
import Logging
import Manifest
import Model
import Reconciler
import Repository

/// The revisions of the repository with every peer complete: what documents leave out (addresses, keys) is written back
/// in one commit before anything is done with it, or filled in memory for whoever only looks.
///
/// The commit of a write-back lacks nothing, so that the pass it triggers finds nothing to write.
struct CompletingSource: RevisionSource {
    /// What happens to peers that are not complete.
    enum Mode {
        /// They are completed by a commit. Until it succeeds the revision can't be used, and the last good one stays.
        case writeBack
        /// They are shown as the next write-back would complete them.
        case preview
    }

    let repository: ConfigurationRepository
    let database: GatewayDatabase
    let mode: Mode
    let host: HostRecipient
    let logger: Logger

    func changes() -> AsyncStream<Void> { repository.changes() }

    func headID() async -> String? { await repository.headID() }

    func read(now: Timestamp) async throws(RevisionFailure) -> DesiredRevision {
        let loaded = try await repository.load(now: now)
        guard loaded.catalog != nil, !loaded.missing.isEmpty else { return try loaded.outcome().get() }
        let inventory: InventorySnapshot
        do {
            inventory = try await database.snapshot()
        } catch {
            throw .unreadable("\(error)")
        }
        switch mode {
        case .preview: return try await preview(loaded, inventory, now: now)
        case .writeBack: return try await writeBack(loaded, inventory, now: now)
        }
    }

    private func preview(
        _ loaded: LoadedRevision, _ inventory: InventorySnapshot, now: Timestamp
    ) async throws(RevisionFailure) -> DesiredRevision {
        let state = try await repository.tree(now: now)
        var tree = state.tree
        tree.remember(inventory, at: now)
        let result = tree.result(now: now, completion: .writeBack)
        guard state.revision == loaded.id, let catalog = result.catalog else { return try loaded.outcome().get() }
        return DesiredRevision(
            id: loaded.id, catalog: catalog, warnings: result.problems.map { $0.render() }, origin: loaded.origin)
    }

    private func writeBack(
        _ loaded: LoadedRevision, _ inventory: InventorySnapshot, now: Timestamp
    ) async throws(RevisionFailure) -> DesiredRevision {
        let intent = Intent.completePeers(now: now, host: host)
        let request = WriteRequest(
            author: CommitAuthor(name: "WireBuddy", email: "wirebuddy@localhost"),
            trailers: [CommitTrailer("Via", "write-back")], now: now
        ) { tree in
            var tree = tree
            tree.remember(inventory, at: now)
            return try intent.run(tree).change
        }
        do {
            let receipt = try await repository.write(request)
            logger.notice(
                "peers were completed",
                metadata: ["revision": "\(receipt.revision)", "peers": "\(loaded.missing.count)"])
        } catch {
            throw waiting(loaded, because: error)
        }
        let completed = try await repository.load(now: now)
        guard completed.missing.isEmpty else {
            throw .invalid(revision: completed.id, problems: ["the repository changes all the time: trying again"])
        }
        return try completed.outcome().get()
    }

    private func waiting(_ loaded: LoadedRevision, because failure: WriteFailure) -> RevisionFailure {
        let first = loaded.missing[0]
        let more = loaded.missing.count - 1
        let others = more == 0 ? "" : " (and \(more) more)"
        return .invalid(
            revision: loaded.id,
            problems: ["\(first.location): \(first.summary)\(others), but it can't be written back: \(failure)"])
    }
}

extension GatewayComposition {
    /// Names the key of this host as a recipient, where this is a gateway: root's state directory.
    var hostRecipient: HostRecipient {
        let state = settings.state.content
        return { () throws(SecretFailure) in
            guard geteuid() == 0 else { return nil }
            return Recipient(
                name: "gateway", key: try HostKey.make(state: state).publicKey, role: .host,
                location: SourceLocation(path: "", line: 1, column: 1))
        }
    }
}
