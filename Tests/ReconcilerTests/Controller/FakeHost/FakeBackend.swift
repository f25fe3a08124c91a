import Model
import Synchronization

@testable import Reconciler

/// Everything that ends when a process is killed: after `die` nothing works until `revive`.
final class Fate: Sendable {
    private let dead = Mutex(false)
    var isDead: Bool { dead.withLock { $0 } }
    func die() { dead.withLock { $0 = true } }
    func revive() { dead.withLock { $0 = false } }
}

struct Killed: Error {}

/// The backend of a fake kernel. It can fail, lose or survive the n-th operation, and records every one.
final class FakeBackend: Backend {
    struct State {
        var kernel = SimulatedHost()
        var operations: [Operation] = []
        var observations = 0
        /// What the last observation was asked for.
        var request: ObservationRequest?
        /// Called with the number of the operation; an error fails it.
        var failure: (@Sendable (Int, Operation) -> BackendError?)?
        /// Operations that are acknowledged and forgotten, by number.
        var lost: (@Sendable (Int, Operation) -> Bool)?
        /// The process dies right after this operation.
        var dieAfter: Int?
        var unreadable: [UnreadablePart] = []
        /// What can't be read from the next operation on.
        var unreadableAfterOperation: [UnreadablePart] = []
        var blocks: [FirewallBlock] = []
        var routeMTU = 1500
        /// Applied before each observation: somebody else at work.
        var interference: (@Sendable (inout SimulatedHost) -> Void)?
        var watchers: [AsyncStream<HostEvent>.Continuation] = []
    }

    let state = Mutex(State())
    let clock: ManualClock
    let fate: Fate

    init(clock: ManualClock, fate: Fate = Fate()) {
        self.clock = clock
        self.fate = fate
    }

    var kernel: SimulatedHost { state.withLock { $0.kernel } }
    var operations: [Operation] { state.withLock { $0.operations } }
    var operationCount: Int { state.withLock { $0.operations.count } }

    func edit(_ body: @Sendable (inout SimulatedHost) -> Void) { state.withLock { body(&$0.kernel) } }

    /// Somebody else edits the kernel, and the kernel tells.
    func edit(telling event: HostEvent, _ body: @Sendable (inout SimulatedHost) -> Void) {
        edit(body)
        tell(event)
    }

    func tell(_ event: HostEvent) {
        for watcher in state.withLock({ $0.watchers }) { watcher.yield(event) }
    }

    func perform(_ operation: Operation) async throws(BackendError) {
        if fate.isDead { throw BackendError(.transient, "killed") }
        let result = state.withLock { state -> Result<Void, BackendError> in
            let number = state.operations.count
            state.operations.append(operation)
            if !state.unreadableAfterOperation.isEmpty { state.unreadable = state.unreadableAfterOperation }
            if let error = state.failure?(number, operation) { return .failure(error) }
            defer { if state.dieAfter == number { fate.die() } }
            if state.lost?(number, operation) ?? false { return .success(()) }
            do throws(BackendError) { try state.kernel.perform(operation) } catch { return .failure(error) }
            return .success(())
        }
        tell(.network(link: nil))
        try result.get()
    }

    func observe(_ request: ObservationRequest) async throws -> ObservedState {
        if fate.isDead { throw Killed() }
        return state.withLock { state in
            state.observations += 1
            state.request = request
            state.interference?(&state.kernel)
            return Self.look(state, request, at: clock.now())
        }
    }

    func events() -> AsyncStream<HostEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: HostEvent.self)
        state.withLock { $0.watchers.append(continuation) }
        return stream
    }

    private static func look(_ state: State, _ request: ObservationRequest, at now: Timestamp) -> ObservedState {
        var seen = state.kernel.observed(request, at: now, routeMTU: state.routeMTU)
        seen.unreadable = state.unreadable
        seen.blocks = state.blocks
        for part in state.unreadable.map(\.part) {
            switch part {
            case .links: (seen.links, seen.devices) = ([], [:])
            case .device(let name): seen.devices[name] = nil
            case .routes: (seen.routes, seen.rules) = ([], [])
            case .firewall:
                seen.firewall = ObservedFirewall()
                (seen.foreignPlaces, seen.foreignRules) = ([], [])
            case .projections: break
            }
        }
        return seen
    }
}
