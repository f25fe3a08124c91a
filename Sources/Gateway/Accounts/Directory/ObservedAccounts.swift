public import Model
import Reconciler
import Synchronization

/// The users as the last pass left them.
public final class ObservedAccounts: AccountSource {
    private let reconciliation: any Reconciliation
    private let digest: any Digest
    private let last = Mutex<(number: Int, directory: AccountDirectory)?>(nil)

    /// The users that a controller enforces.
    public init(_ reconciliation: any Reconciliation, digest: any Digest) {
        self.reconciliation = reconciliation
        self.digest = digest
    }

    /// The users that hold now; nil before the first pass, and while no revision is in force.
    public var directory: AccountDirectory? {
        guard let view = reconciliation.view, let catalog = view.catalog else { return nil }
        return last.withLock { last in
            if let last, last.number == view.number { return last.directory }
            let accounts = catalog.users.map {
                Account($0, repositoryID: catalog.settings.repositoryID, digest: digest)
            }
            let directory = AccountDirectory(accounts, api: catalog.settings.api)
            last = (view.number, directory)
            return directory
        }
    }
}
