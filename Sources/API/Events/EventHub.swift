public import Gateway
import HTTPTypes
public import Model
import Reconciler
public import ServiceLifecycle
import Synchronization

/// Tells what happens to everybody who listens: one line of events, of which each listener gets what he may see.
///
/// Nobody holds anything up: a listener that is too slow is cut off, comes back with `Last-Event-ID` and gets what he
/// missed, as far as it is kept.
public final class EventHub: ServiceLifecycle.Service, Sendable {
    private let reconciliation: any Reconciliation
    private let clock: any WallClock
    private let limits: EventLimits
    private let isValid: @Sendable (Principal) async -> Bool
    private let state: Mutex<State>

    private struct State {
        var watch = EventWatch()
        var passes = RevisionPasses()
        var log: EventLog
        var listeners: [Int: Listener] = [:]
        var nextListener = 0
        var seesAll = false
        var isClosed = false
    }

    private struct Listener {
        var principal: Principal
        var continuation: AsyncStream<[UInt8]>.Continuation
    }

    /// A hub that tells nothing before it runs.
    ///
    /// - Parameter isValid: Whether what somebody showed when he began to listen still holds.
    public init(
        _ reconciliation: any Reconciliation, clock: any WallClock, limits: EventLimits = EventLimits(),
        isValid: @escaping @Sendable (Principal) async -> Bool
    ) {
        self.reconciliation = reconciliation
        self.clock = clock
        self.limits = limits
        self.isValid = isValid
        // Ids of another run name nothing of this one.
        state = Mutex(State(log: EventLog(run: clock.now().seconds, capacity: limits.kept)))
    }

    /// Runs until graceful shutdown or cancellation; then every stream ends.
    public func run() async throws {
        let reports = reconciliation.reports()
        // The reports end with the reconciliation, which stops after this: the group would wait for itself.
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for await report in reports { self.note(report) } }
                group.addTask { await self.beat() }
                await group.next()
                group.cancelAll()
            }
        }
        close()
    }

    /// Follows what `principal` may see.
    ///
    /// - Parameter last: the id of the last event that he got; nil: none.
    /// - Throws: ``APIFailure``: 429 for too many streams at once, 503 while the gateway stops.
    func subscribe(_ principal: Principal, after last: String?) throws(APIFailure) -> AsyncStream<[UInt8]> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: [UInt8].self, bufferingPolicy: .bufferingOldest(limits.buffer))
        let result: Result<Int, APIFailure> = state.withLock { state in
            guard !state.isClosed else {
                return .failure(APIFailure(.serviceUnavailable, "the gateway stops", headers: [.retryAfter: "5"]))
            }
            let own = state.listeners.values.count { $0.principal.username == principal.username }
            guard own < limits.perUser, state.listeners.count < limits.total else {
                return .failure(Self.tooMany(own < limits.perUser ? limits.total : limits.perUser))
            }
            let number = state.nextListener
            state.nextListener += 1
            var greeting = Array("retry: 3000\n\n".utf8)
            for event in state.log.events(after: last) where Self.shows(event, to: principal, state.seesAll) {
                greeting += event.frame
            }
            continuation.yield(greeting)
            state.listeners[number] = Listener(principal: principal, continuation: continuation)
            return .success(number)
        }
        let number = try result.get()
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
        }
        return stream
    }

    /// What a pass with changes did for a revision; nil: it is not kept.
    func pass(of revision: String) -> RevisionPasses.Pass? { state.withLock { $0.passes[revision] } }

    /// Ends the streams of who may not listen any more.
    func drop(where isOver: @Sendable (Principal) -> Bool) {
        let over = state.withLock { state in
            let numbers = state.listeners.filter { isOver($0.value.principal) }.map(\.key)
            return numbers.compactMap { state.listeners.removeValue(forKey: $0)?.continuation }
        }
        for continuation in over { continuation.finish() }
    }

    func note(_ report: PassReport) {
        let catalog = reconciliation.view?.catalog
        let lost = state.withLock { state in
            state.passes.note(report)
            if let catalog { state.seesAll = catalog.settings.api.userScope == .all }
            let events = state.watch.events(report, catalog: catalog).map { state.log.append($0) }
            return Self.send(events, &state)
        }
        for continuation in lost { continuation.finish() }
        if let catalog { drop { !Self.isKnown($0, in: catalog) } }
    }

    /// Keeps connections open, and notices those that are dead, and tokens that ran out or were revoked by a command.
    private func beat() async {
        while !Task.isCancelled {
            // Cancelled: the hub ends.
            guard (try? await Task.sleep(for: limits.heartbeat)) != nil else { return }
            for principal in state.withLock({ Set($0.listeners.values.map(\.principal)) })
            where await !isValid(principal) {
                drop { $0.proof == principal.proof }
            }
            let all = state.withLock { Array($0.listeners.values.map(\.continuation)) }
            for continuation in all { continuation.yield(Array(": \n\n".utf8)) }
        }
    }

    private func close() {
        let all = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [:] }
            return state.listeners.values.map(\.continuation)
        }
        for continuation in all { continuation.finish() }
    }

    /// Sends events and takes out who is too slow for them.
    private static func send(
        _ events: [EventLog.Entry], _ state: inout State
    ) -> [AsyncStream<[UInt8]>.Continuation] {
        var lost: [AsyncStream<[UInt8]>.Continuation] = []
        for (number, listener) in state.listeners {
            for event in events where shows(event, to: listener.principal, state.seesAll) {
                if case .enqueued = listener.continuation.yield(event.frame) { continue }
                state.listeners[number] = nil
                lost.append(listener.continuation)
                break
            }
        }
        return lost
    }

    private static func shows(_ event: EventLog.Entry, to principal: Principal, _ seesAll: Bool) -> Bool {
        if principal.isAdmin { return true }
        guard case .owner(let owner) = event.audience else { return false }
        return seesAll || owner.map { $0.lowercased() == principal.username.lowercased() } ?? false
    }

    /// Whether somebody is still who he was when he began to listen.
    private static func isKnown(_ principal: Principal, in catalog: Catalog) -> Bool {
        if principal.proof == .socket { return true }
        return catalog.users.contains {
            $0.username.lowercased() == principal.username.lowercased() && $0.enabled
                && ($0.role == principal.role || $0.role == .admin)
        }
    }

    private static func tooMany(_ limit: Int) -> APIFailure {
        var failure = APIFailure(
            .tooManyRequests, "\(limit) event streams are open already: close one of them first",
            headers: [.retryAfter: "5"])
        // No window of time makes room here.
        failure.beside = [("retry_after", .number(5)), ("limit", .number(limit))]
        return failure
    }
}

/// How many may listen, and how much is kept for them.
public struct EventLimits: Sendable {
    /// Streams of one user.
    public var perUser = 8
    /// Streams of all.
    public var total = 200
    /// Events that wait for a slow listener.
    public var buffer = 256
    /// Events that are kept for who comes back.
    public var kept = 1000
    /// The time between two signs of life.
    public var heartbeat: Duration = .seconds(15)

    /// The limits of a gateway.
    public init() {}
}
