import Credentials
public import Database
public import Gateway
import Reconciler

extension GatewayDatabase: AccountStore {}

extension RunningGateway {
    /// The accounts of the gateway that this process serves.
    func accounts(_ reconciliation: any Reconciliation) -> Accounts {
        Accounts(
            users: ObservedAccounts(reconciliation), store: database,
            cache: CredentialCache(database, logger: ports.logger), passwords: PasswordQueue(),
            clock: composition.clock, logger: ports.logger)
    }
}
