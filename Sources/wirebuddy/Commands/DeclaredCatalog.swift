import ArgumentParser
import Manifest
import Model
import Reconciler
import Repository

/// What the repository declares, without a daemon.
struct DeclaredCatalog {
    let revision: LoadedRevision
    let catalog: Catalog

    /// Reads the files of the repository, or its head.
    ///
    /// - Throws: ``CommandFailure``: 10 for a configuration that is not valid.
    static func load(_ composition: GatewayComposition, head: Bool) async throws -> DeclaredCatalog {
        let now = composition.clock.now()
        let revision: LoadedRevision
        do {
            let repository = composition.repository
            revision = head ? try await repository.load(now: now) : try await repository.loadWorktree(now: now)
        } catch {
            throw CommandFailure(error)
        }
        guard let catalog = revision.catalog else {
            throw CommandFailure(
                .invalid, "the configuration is not valid", details: revision.problems.map { $0.render() })
        }
        return DeclaredCatalog(revision: revision, catalog: catalog)
    }
}

/// Which files a command reads that asks no daemon.
struct HeadOption: ParsableArguments {
    @Flag(name: .long, help: "Take the head of the branch, which is what apply takes, instead of the files.")
    var head = false
}
