import Model
import Reconciler
import Synchronization

/// The users as their rows in the database were when they were last looked at.
public final class ObservedAccounts: AccountSource {
    private let reconciliation: any Reconciliation
    private let last = Mutex<(number: Int, directory: AccountDirectory)?>(nil)

    /// The users that a controller enforces.
    public init(_ reconciliation: any Reconciliation) {
        self.reconciliation = reconciliation
    }

    /// The users that hold now; nil before the first pass.
    public var directory: AccountDirectory? {
        guard let view = reconciliation.view else { return nil }
        return last.withLock { last in
            if let last, last.number == view.number { return last.directory }
            let directory = AccountDirectory(
                view.users.map(Account.init), api: view.catalog?.settings.api ?? Settings.API())
            last = (view.number, directory)
            return directory
        }
    }
}
