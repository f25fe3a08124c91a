import Credentials
import Logging
import Model
import Reconciler
import Synchronization

/// A repository whose head a test sets.
final class FakeRevisions: RevisionSource {
    private struct State {
        var head: Result<DesiredRevision, RevisionFailure>
        var reads = 0
        var watchers: [AsyncStream<Void>.Continuation] = []
    }

    private let state: Mutex<State>

    init(_ catalog: Catalog, id: String = "r1") {
        state = Mutex(State(head: .success(DesiredRevision(id: id, catalog: catalog, origin: "test"))))
    }

    func set(_ catalog: Catalog, id: String) { set(.success(DesiredRevision(id: id, catalog: catalog))) }

    func set(_ head: Result<DesiredRevision, RevisionFailure>) {
        let watchers = state.withLock { state in
            state.head = head
            return state.watchers
        }
        for watcher in watchers { watcher.yield() }
    }

    func read(now: Timestamp) async throws(RevisionFailure) -> DesiredRevision {
        try state.withLock { state in
            state.reads += 1
            return state.head
        }.get()
    }

    func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        state.withLock { $0.watchers.append(continuation) }
        return stream
    }
}

/// Secrets in memory.
final class FakeSecrets: SecretSource {
    let keys = Mutex<[String: SecretKey]>([:])
    let values = Mutex<[SecretReference: SecretKey]>([:])
    /// Where sealed values are valid; anywhere else they don't open.
    let places = Mutex<[SecretReference: SecretContext]>([:])
    let asked = Mutex<[SecretReference: Int]>([:])
    let made = Mutex(0)

    func resolve(_ reference: SecretReference, context: SecretContext) throws(SecretFailure) -> SecretKey {
        asked.withLock { $0[reference, default: 0] += 1 }
        if let place = places.withLock({ $0[reference] }), place != context {
            throw SecretFailure("\(reference) was sealed for another place")
        }
        guard let key = values.withLock({ $0[reference] }) else { throw SecretFailure("\(reference) does not exist") }
        return key
    }

    func interfaceKey(_ interface: String) throws(SecretFailure) -> SecretKey? { keys.withLock { $0[interface] } }

    func makeInterfaceKey(_ interface: String) throws(SecretFailure) -> SecretKey {
        let number = made.withLock { count in
            count += 1
            return count
        }
        let key = SecretKey(words: (UInt64(number), 2, 3, 4))
        keys.withLock { $0[interface] = key }
        return key
    }

    func keepInterfaceKey(_ interface: String, _ key: SecretKey) throws(SecretFailure) {
        keys.withLock { $0[interface] = key }
    }

    func publicKey(of privateKey: SecretKey) -> PublicKey { PublicKey(words: privateKey.words) }
    func throwawayKey() -> PublicKey { PublicKey(words: (9, 9, 9, 9)) }
}

/// Names with the addresses a test gives them.
final class FakeNames: NameResolver {
    let addresses = Mutex<[String: IPAddress]>([:])
    let asked = Mutex<[[String]]>([])

    func address(of name: String) async -> IPAddress? { addresses.withLock { $0[name] } }
    func refresh(_ names: [String]) async { asked.withLock { $0.append(names) } }
    func changes() -> AsyncStream<Void> { AsyncStream { _ in } }
}

/// Users and settings in memory. It counts writes, can fail them and can't be read on demand.
final class FakeProjections: Projections {
    struct State {
        var rows = ProjectedState()
        var writes: [String] = []
        var isFull = false
        var isUnreadable = false
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let state = Mutex(State())

    var rows: ProjectedState { state.withLock { $0.rows } }
    var writes: [String] { state.withLock { $0.writes } }

    /// Somebody else edits the rows.
    func edit(_ body: @Sendable (inout ProjectedState) -> Void) { state.withLock { body(&$0.rows) } }

    func projected() async throws -> ProjectedState {
        try state.withLock { state in
            if state.isUnreadable { throw Failure(description: "database is locked") }
            return state.rows
        }
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
        try state.withLock { state in
            if state.isFull { throw Failure(description: "disk full") }
            state.writes.append(what)
            body(&state.rows)
        }
    }
}

/// A whole gateway in memory.
struct FakeGateway {
    let clock = ManualClock()
    let fate = Fate()
    let host: FakeBackend
    let inventory: FakeInventory
    let revisions: FakeRevisions
    let rows = FakeProjections()
    let secrets = FakeSecrets()
    let names = FakeNames()

    init(_ catalog: Catalog) {
        host = FakeBackend(clock: clock, fate: fate)
        inventory = FakeInventory(fate: fate)
        revisions = FakeRevisions(catalog)
    }

    var ports: ControllerPorts {
        var ports = ControllerPorts(
            revisions: revisions, backend: host, inventory: inventory, projections: rows, secrets: secrets,
            names: names,
            digest: BLAKE2b256(), clock: clock, uptime: clock,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        ports.passID = { "test" }
        ports.jitter = { 0 }
        return ports
    }

    /// A new process on the same host and state directory.
    func start() -> Controller { Controller(ports) }
}

extension PassOptions {
    static let apply = PassOptions(trigger: "apply")
    static let loop = PassOptions(trigger: "interval", mode: .loop)
    static let teardown = PassOptions(trigger: "down", scope: .teardown)
}
