import Credentials
import Database
import Logging
import Model
import Reconciler
import Synchronization

/// A controller whose database is real and whose host is empty.
enum SamplePorts {
    static func controller(_ catalog: Catalog, _ database: GatewayDatabase) -> Controller {
        controller(ChangingRevision(catalog), database)
    }

    static func controller(_ revisions: ChangingRevision, _ database: GatewayDatabase) -> Controller {
        var ports = ControllerPorts(
            revisions: revisions, backend: EmptyHost(), inventory: database, projections: database,
            secrets: NoSecrets(), names: NoNames(), digest: BLAKE2b256(), clock: FixedClock(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        ports.passID = { "test" }
        return Controller(ports)
    }
}

/// A repository whose head a test sets.
final class ChangingRevision: RevisionSource {
    private let head: Mutex<DesiredRevision>

    init(_ catalog: Catalog) { head = Mutex(DesiredRevision(id: "r1", catalog: catalog)) }

    func set(_ catalog: Catalog, id: String) { head.withLock { $0 = DesiredRevision(id: id, catalog: catalog) } }
    func read(now: Timestamp) async throws(RevisionFailure) -> DesiredRevision { head.withLock { $0 } }
    func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}

struct EmptyHost: Backend {
    func observe(_ request: ObservationRequest) async throws -> ObservedState {
        ObservedState(takenAt: Sample.now, host: Sample.host)
    }
    func perform(_ operation: Operation) async throws(BackendError) {
        throw BackendError(.terminal, "nothing of the host was to change")
    }
    func events() -> AsyncStream<HostEvent> { AsyncStream { $0.finish() } }
}

struct NoSecrets: SecretSource {
    func resolve(_ reference: SecretReference, context: SecretContext) throws(SecretFailure) -> SecretKey {
        throw SecretFailure("none")
    }
    func interfaceKey(_ interface: String) throws(SecretFailure) -> SecretKey? { nil }
    func makeInterfaceKey(_ interface: String) throws(SecretFailure) -> SecretKey { throw SecretFailure("none") }
    func keepInterfaceKey(_ interface: String, _ key: SecretKey) throws(SecretFailure) {}
    func publicKey(of privateKey: SecretKey) -> PublicKey { PublicKey(words: privateKey.words) }
    func throwawayKey() -> PublicKey { PublicKey(words: (9, 9, 9, 9)) }
}

struct NoNames: NameResolver {
    func address(of name: String) async -> IPAddress? { nil }
    func refresh(_ names: [String]) async {}
    func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}

struct FixedClock: WallClock {
    func now() -> Timestamp { Sample.now }
}
