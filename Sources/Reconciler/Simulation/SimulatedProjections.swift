import Model
import Synchronization

/// Users, settings and DNS policy in memory.
final class SimulatedProjections: Projections {
    private let state = Mutex(ProjectedState())
    private let attempt: @Sendable (SimulatedAccess) throws -> Void

    /// Empty tables.
    ///
    /// - Parameter attempt: is told of each access before it happens; what it throws keeps it from happening.
    init(attempt: @escaping @Sendable (SimulatedAccess) throws -> Void = { _ in }) {
        self.attempt = attempt
    }

    /// The rows as they are now.
    var rows: ProjectedState { state.withLock { $0 } }

    /// Changes rows without being told of as an access: somebody else's work.
    func edit(_ body: @Sendable (inout ProjectedState) -> Void) { state.withLock { body(&$0) } }

    func projected() async throws -> ProjectedState {
        try attempt(.read)
        return rows
    }

    func project(_ user: ProjectedUser) async throws {
        try write("user \(user.username)") { rows in
            rows.users.removeAll { $0.id == user.id }
            rows.users = (rows.users + [user]).sorted(by: ProjectedUser.order)
        }
    }

    func removeUser(id: String) async throws {
        try write("remove \(id)") { $0.users.removeAll { $0.id == id } }
    }

    func project(settings: [String: String]) async throws { try write("settings") { $0.settings = settings } }

    func project(dns difference: DNSDifference) async throws {
        try write("dns") { $0.dns = $0.dns.applying(difference) }
    }

    private func write(_ what: String, _ body: (inout ProjectedState) -> Void) throws {
        try attempt(.write(what))
        state.withLock { body(&$0) }
    }
}
