public import Gateway
public import Model
import Reconciler
import Synchronization

/// The newest ``ResourceState``, kept so that a read costs no question to git and no rendering of what was rendered
/// before.
///
/// Whoever writes calls ``invalidate()``, and the next call of ``current()`` sees the write. What others push is seen
/// once ``watch(_:)`` hears of it; without a watch every call asks the repository.
public final class StateCache: Sendable {
    private let store: any ConfigurationStore
    private let reconciliation: any Reconciliation
    private let clock: any WallClock
    private let places: @Sendable (IPAddress) -> Place
    private let memory = Mutex(Memory())

    private struct Memory {
        var isWatched = false
        /// Grows with every change of the repository that somebody told of.
        var generation = 0
        var declared: Declared?
        var loading: Loading?
        var state: (key: StateKey, value: ResourceState)?
        var isRefreshing = false
        /// The pass whose head was compared last.
        var seenPass: Int?
    }

    /// The declared state as of a generation.
    private struct Declared {
        var generation: Int
        /// The revision of the head, which may not be the one that is shown.
        var head: String
        var snapshot: ConfigurationSnapshot
        var problems: [String]
        var index: DeclaredIndex
    }

    private struct Loading {
        var generation: Int
        var task: Task<Result<Void, GatewayFailure>, Never>
    }

    /// What a state was made of.
    private struct StateKey: Equatable {
        var revision: String
        var generation: Int
        var view: Int?
        var instant: Int64
    }

    /// How old a view may be before a read asks for a new look at the host, in seconds.
    static let freshness: Int64 = 5

    /// A cache that holds nothing yet.
    ///
    /// - Parameter places: where an endpoint is.
    public init(
        store: any ConfigurationStore, reconciliation: any Reconciliation, clock: any WallClock,
        places: @escaping @Sendable (IPAddress) -> Place
    ) {
        self.places = places
        self.store = store
        self.reconciliation = reconciliation
        self.clock = clock
    }

    /// Follows the repository: each element says that its head may have moved. Runs until the stream ends.
    public func watch(_ changes: AsyncStream<Void>) async {
        memory.withLock {
            $0.isWatched = true
            $0.generation += 1
        }
        for await _ in changes { invalidate() }
        memory.withLock { $0.isWatched = false }
    }

    /// Whether somebody tells of changes.
    var isWatched: Bool { memory.withLock { $0.isWatched } }

    /// Forgets what was read of the repository: it was written to.
    public func invalidate() { memory.withLock { $0.generation += 1 } }

    /// The newest state. While a change of somebody else is being read, the state before it.
    ///
    /// - Throws: ``GatewayFailure`` when the repository can't be read.
    public func current() async throws(GatewayFailure) -> ResourceState {
        let asked = memory.withLock { memory -> Int? in
            if memory.isWatched { return nil }
            memory.generation += 1
            return memory.generation
        }
        try await declare(for: asked)
        await refreshView()
        return try await state()
    }

    /// The newest state, read after this call began: it holds everything that was written before.
    ///
    /// - Throws: ``GatewayFailure`` when the repository can't be read.
    public func afterWrite() async throws(GatewayFailure) -> ResourceState {
        let generation = memory.withLock { memory in
            memory.generation += 1
            return memory.generation
        }
        try await declare(for: generation)
        return try await state()
    }

    /// Reads what was written, so that ``afterWrite()`` finds it read. What goes wrong is said there.
    func prepare() async {
        let generation = memory.withLock { memory in
            memory.generation += 1
            return memory.generation
        }
        do throws(GatewayFailure) { try await declare(for: generation) } catch {}
    }

    private func state() async throws(GatewayFailure) -> ResourceState {
        let view = reconciliation.view
        let now = clock.now()
        let state = memory.withLock { memory -> ResourceState? in
            guard let declared = memory.declared else { return nil }
            let key = StateKey(
                revision: declared.snapshot.revision, generation: declared.generation, view: view?.number,
                instant: now.seconds / Self.freshness)
            if let state = memory.state, state.key == key { return state.value }
            let observed: ObservedIndex
            if let old = memory.state, old.key.view == key.view {
                observed = old.value.observed
            } else {
                observed = ObservedIndex(view)
            }
            let value = ResourceState(
                declared: declared.snapshot, problems: declared.problems, index: declared.index, observed: observed,
                at: now, places: places)
            memory.state = (key, value)
            return value
        }
        guard let state else { throw .failed("the repository was not read yet") }
        return state
    }

    /// Sees to it that there is a declared state; for `generation` one that was read for it or later, otherwise one
    /// that is being replaced will do.
    private func declare(for generation: Int?) async throws(GatewayFailure) {
        while let (loading, mustWait) = memory.withLock({ step(&$0, for: generation) }), mustWait {
            try await loading.task.value.get()
        }
    }

    /// What has to be waited for; nil: nothing.
    private func step(_ memory: inout Memory, for generation: Int?) -> (loading: Loading, mustWait: Bool)? {
        noteHead(&memory)
        let known = memory.declared?.generation ?? -1
        let wanted = generation ?? memory.generation
        guard known < wanted else { return nil }
        let loading = memory.loading ?? begin(memory.generation)
        memory.loading = loading
        return (loading, memory.declared == nil || generation != nil)
    }

    /// A pass that read another head than this cache did tells of a change too.
    private func noteHead(_ memory: inout Memory) {
        guard let declared = memory.declared, let report = reconciliation.view?.report, report.number != memory.seenPass
        else { return }
        memory.seenPass = report.number
        if let head = report.revision?.id, head != declared.head { memory.generation += 1 }
    }

    private func begin(_ generation: Int) -> Loading {
        let task = Task.detached { [self] in await load(generation) }
        return Loading(generation: generation, task: task)
    }

    private func load(_ generation: Int) async -> Result<Void, GatewayFailure> {
        let result: Result<ConfigurationSnapshot, GatewayFailure>
        do throws(GatewayFailure) {
            result = .success(try await store.snapshot())
        } catch {
            result = .failure(error)
        }
        let known = memory.withLock { $0.declared }
        var next: Declared?
        if case .success(let snapshot) = result {
            let isKnown = known?.snapshot.revision == snapshot.revision
            // The last good revision stays in force, and stays what is shown.
            let isGood = known?.snapshot.problems.isEmpty ?? false
            if var known, isKnown || (isGood && !snapshot.problems.isEmpty) {
                known.head = snapshot.revision
                known.problems = snapshot.problems
                known.generation = generation
                next = known
            } else {
                next = Declared(
                    generation: generation, head: snapshot.revision, snapshot: snapshot, problems: snapshot.problems,
                    index: DeclaredIndex(snapshot.tree))
            }
        }
        let declared = next
        memory.withLock { memory in
            memory.loading = nil
            if let declared { memory.declared = declared }
        }
        return result.map { _ in }
    }

    /// Asks for one look at the host when the view is old. One reader waits for it, the others see what there is.
    private func refreshView() async {
        guard let view = reconciliation.view else { return }
        let age = clock.now().seconds - view.report.observed.takenAt.seconds
        guard age > Self.freshness else { return }
        let isFirst = memory.withLock { memory in
            defer { memory.isRefreshing = true }
            return !memory.isRefreshing
        }
        guard isFirst else { return }
        _ = await reconciliation.refreshedView(maximumAge: .seconds(Self.freshness))
        memory.withLock { $0.isRefreshing = false }
    }
}
