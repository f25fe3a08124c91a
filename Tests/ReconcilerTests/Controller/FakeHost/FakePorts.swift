import Credentials
import Logging
import Model
import Synchronization

@testable import Reconciler

/// A repository whose head a test sets.
final class FakeRevisions: RevisionSource {
    private struct State {
        var head: Result<DesiredRevision, RevisionFailure>
        var reads = 0
        var namesHead = false
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

    /// Says that the head may have moved.
    func touch() {
        for watcher in state.withLock({ $0.watchers }) { watcher.yield() }
    }

    /// Tells from now on which one the head is, as git does and a plain directory does not.
    func nameHead() { state.withLock { $0.namesHead = true } }

    func headID() async -> String? {
        state.withLock { $0.namesHead ? try? $0.head.get().id : nil }
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

/// Users and settings of a fake gateway. It counts writes, can fail them and can't be read on demand.
final class FakeProjections: Sendable {
    struct State {
        var writes: [String] = []
        var isFull = false
        var isUnreadable = false
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What has to be told of each access, and may fail it.
    final class Faults: Sendable {
        private let state = Mutex(State())

        func withLock<Value: Sendable>(_ body: @Sendable (inout State) -> Value) -> Value {
            state.withLock { body(&$0) }
        }

        func attempt(_ access: SimulatedAccess) throws {
            try state.withLock { state in
                switch access {
                case .read: if state.isUnreadable { throw Failure(description: "database is locked") }
                case .write(let what):
                    if state.isFull { throw Failure(description: "disk full") }
                    state.writes.append(what)
                }
            }
        }
    }

    let state = Faults()
    /// The tables as the controller sees them.
    let port: SimulatedProjections

    init() {
        port = SimulatedProjections { [state] in try state.attempt($0) }
    }

    var rows: ProjectedState { port.rows }
    var writes: [String] { state.withLock { $0.writes } }

    /// Somebody else edits the rows.
    func edit(_ body: @Sendable (inout ProjectedState) -> Void) { port.edit(body) }
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
            revisions: revisions, backend: host, inventory: inventory.port, projections: rows.port, secrets: secrets,
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
