import Credentials
import Database
import Gateway
import Model
import Reconciler
import Repository

/// The accounts of a gateway for one command: its database, and the users that the repository declares. The daemon sees
/// at its next request what is changed here.
struct TokenSession {
    let accounts: Accounts
    let directory: AccountDirectory

    /// Who works at the command line: may see and revoke everything.
    static var principal: Principal {
        Principal(proof: .socket, userID: "", username: Author.name, email: "", role: .admin)
    }

    /// - Throws: ``CommandFailure`` when repository or database can't be used.
    init(_ global: GlobalOptions) async throws {
        let composition = try GatewayComposition(global)
        try composition.require([composition.checks.config(), composition.checks.git(), composition.checks.state()])
        let revision: DesiredUsers
        do throws(RevisionFailure) {
            revision = DesiredUsers(try await composition.repository.read(now: composition.clock.now()).catalog)
        } catch {
            throw CommandFailure(error)
        }
        directory = AccountDirectory(
            revision.users.map {
                Account($0, repositoryID: revision.repositoryID)
            })
        let database = try composition.openDatabase()
        let logger = composition.logger()
        accounts = Accounts(
            users: FixedAccounts(directory: directory), store: database,
            cache: CredentialCache(database, logger: logger), passwords: PasswordQueue(), clock: composition.clock,
            logger: logger)
    }

    private struct DesiredUsers {
        let users: [User]
        let repositoryID: String?

        init(_ catalog: Catalog) {
            users = catalog.users
            repositoryID = catalog.settings.repositoryID
        }
    }

    /// The user that a token is made for: the one named, else the one of the login name, else the only admin.
    ///
    /// - Throws: ``CommandFailure`` when it is not clear who.
    func owner(_ name: String?) throws(CommandFailure) -> Account {
        if let name {
            guard let account = directory.account(named: name) else {
                throw CommandFailure(.error, "no user \"\(name)\": `wirebuddy user list` shows them")
            }
            return account
        }
        if let account = directory.account(named: Author.name) { return account }
        let admins = directory.accounts.filter { $0.role == .admin && $0.enabled }
        if admins.count == 1 { return admins[0] }
        throw CommandFailure(
            .error,
            admins.isEmpty
                ? "there is no admin whose token it could be: `wirebuddy user add NAME --role admin` makes one"
                : "whose token is it to be? Name the user with --user")
    }
}

/// Users that don't change while a command runs.
private struct FixedAccounts: AccountSource {
    let directory: AccountDirectory?
}

extension CommandFailure {
    /// What a use case of accounts refused.
    init(_ failure: AccountFailure) {
        switch failure {
        case .refused(let failure): self.init(failure)
        default: self.init(.error, failure.description)
        }
    }
}

extension OwnedToken {
    /// The token in documents, without its value.
    var json: [(String, JSONValue)] {
        [
            ("id", .string(token.id)), ("name", .string(token.name)), ("user", .string(username)),
            ("permission", .string(token.permission.rawValue)),
            ("allowed_ips", .array(token.allowedIPs.map { .string("\($0)") })),
            ("allow_secrets", .boolean(token.allowsSecrets)), ("created_at", .string("\(token.createdAt)")),
            ("expires_at", .optional(token.expiresAt?.description)),
            ("last_used_at", .optional(token.lastUsedAt?.description)),
        ]
    }
}
