import Database
import Gateway
import Model
import Reconciler
import Repository

/// Where records come from: the repository and the database of a gateway. No daemon is needed.
actor GatewayRecords {
    private let composition: GatewayComposition
    private let repository: ConfigurationRepository
    /// Nil where there is no state yet.
    private let database: GatewayDatabase?
    /// The names of users by id, and when they were read.
    private var names: (byID: [String: String], at: Timestamp)?

    /// - Throws: ``CommandFailure`` when repository or database can't be used.
    init(_ composition: GatewayComposition) throws(CommandFailure) {
        try composition.require([composition.checks.config(), composition.checks.git()])
        self.composition = composition
        repository = composition.repository
        database = composition.hasDatabase ? try composition.openDatabase() : nil
    }

    /// The newest records of some kinds, oldest first.
    ///
    /// - Parameters:
    ///   - since: none from before.
    ///   - limit: how many at most.
    /// - Throws: ``CommandFailure``.
    func newest(_ kinds: Set<GatewayRecord.Kind>, since: Timestamp?, limit: Int) async throws -> [GatewayRecord] {
        var records: [GatewayRecord] = []
        if kinds.contains(.commit) { records += try await commits(limit) }
        if let database {
            // Of the kinds that are not asked for there may be many: the wanted ones stand behind them.
            let isAll = kinds.count == GatewayRecord.Kind.allCases.count
            let events = try await database.events(limit: isAll ? limit : GatewayDatabase.keptEvents)
            records += events.map { GatewayRecord($0) }.filter { kinds.contains($0.kind) }.prefix(limit).reversed()
            records += try await accounts(database, kinds, limit)
        }
        if let since { records.removeAll { $0.at < since } }
        // What is equally old stays in the order of the sources: a commit stands before what was made of it.
        let sorted = records.enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
        return sorted.suffix(limit)
    }

    /// Oldest first, as every source here.
    private func commits(_ limit: Int) async throws(CommandFailure) -> [GatewayRecord] {
        do {
            return try await repository.history(limit: limit).map { GatewayRecord($0) }.reversed()
        } catch .noRepository {
            // A plain directory has no commits; the rest there is all the same.
            return []
        } catch {
            throw CommandFailure(.error, error.description)
        }
    }

    private func accounts(
        _ database: GatewayDatabase, _ kinds: Set<GatewayRecord.Kind>, _ limit: Int
    ) async throws -> [GatewayRecord] {
        guard kinds.contains(.login) || kinds.contains(.token) else { return [] }
        let logins = kinds.contains(.login) ? try await database.logins(limit: limit) : []
        let tokens = kinds.contains(.token) ? try await database.credentials().tokens : []
        let names = await names(of: Set(logins.map(\.userID) + tokens.map(\.userID)))
        let name = { (id: String) in names[id] ?? "user \(id)" }
        return logins.reversed().map { GatewayRecord($0, user: name($0.userID)) }
            + tokens.flatMap { GatewayRecord.of($0, user: name($0.userID)) }
    }

    /// The names of the declared users by id; a head that can't be read names nobody. The repository is read again only
    /// for users that are not known yet, and then once a minute.
    private func names(of ids: Set<String>) async -> [String: String] {
        let now = composition.clock.now()
        if let names, ids.allSatisfy({ names.byID[$0] != nil }) || now < names.at.advanced(bySeconds: 60) {
            return names.byID
        }
        guard let catalog = try? await repository.read(now: now).catalog else { return names?.byID ?? [:] }
        let accounts = catalog.users.map { Account($0, repositoryID: catalog.settings.repositoryID) }
        let byID = Dictionary(accounts.map { ($0.id, $0.username) }, uniquingKeysWith: { first, _ in first })
        names = (byID, now)
        return byID
    }
}
