public import DNSPolicy
public import Logging
public import Model
public import ServiceLifecycle

/// Keeps the declared blocklists: compiled on disk, refreshed in the background, the last good one in force.
///
/// A start needs neither network nor texts. One list is read at a time, on a thread that yields to those that answer.
/// A text that can't be had, is no list, is not the pinned one, or has lost more than half of its rules changes
/// nothing but the list's status.
public actor ListKeeper: ServiceLifecycle.Service {
    /// Fetches the text of a list and hands it over piece by piece, in order.
    public typealias Fetch =
        @Sendable (_ request: ListRequest, _ take: @escaping @Sendable ([UInt8]) throws -> Void) async throws ->
        ListReply
    /// Reads a file of the repository at the revision in force, `limit` bytes at most.
    public typealias ReadFile = @Sendable (_ path: String, _ limit: Int) async throws -> [UInt8]

    /// The key of all lists of this host.
    public nonisolated let key: NameKey
    let store: ListStore
    let fetch: Fetch
    let file: ReadFile
    let digest: @Sendable () -> any StreamingDigest
    let clock: any WallClock
    let logger: Logger
    let timing: ListTiming
    let limits: ListCompiler.Limits
    nonisolated let board = ListBoard()

    /// The declared lists, in their order.
    var order: [String] = []
    var entries: [String: ListEntry] = [:]
    /// The update that runs or waits for each list, and the one that was begun last.
    var running: [String: ListUpdate] = [:]
    var last: Task<Void, Never>?
    /// The wait of ``run()``; ended early when something is due.
    var pause: Task<Void, Never>?

    /// Opens the directory of the lists; it and the key are made if they are missing.
    ///
    /// - Parameters:
    ///   - directory: `lists` in the state directory; only one process may use it.
    ///   - fetch: gets texts from addresses.
    ///   - file: gets texts from the repository.
    ///   - digest: SHA-256.
    ///   - clock: civil time.
    /// - Throws: ``ListStoreFault``.
    public static func open(
        directory: String, fetch: @escaping Fetch, file: @escaping ReadFile,
        digest: @escaping @Sendable () -> any StreamingDigest, clock: any WallClock, logger: Logger,
        timing: ListTiming = ListTiming(), limits: ListCompiler.Limits = ListCompiler.Limits()
    ) throws(ListStoreFault) -> ListKeeper {
        ListKeeper(
            store: try ListStore(directory), fetch: fetch, file: file, digest: digest, clock: clock, logger: logger,
            timing: timing, limits: limits)
    }

    private init(
        store: ListStore, fetch: @escaping Fetch, file: @escaping ReadFile,
        digest: @escaping @Sendable () -> any StreamingDigest, clock: any WallClock, logger: Logger,
        timing: ListTiming, limits: ListCompiler.Limits
    ) {
        self.store = store
        key = store.key
        self.fetch = fetch
        self.file = file
        self.digest = digest
        self.clock = clock
        self.logger = logger
        self.timing = timing
        self.limits = limits
    }

    /// The lists in force, in the order of their declaration; those that are disabled or were never read are left out.
    public nonisolated var lists: [CompiledList] { board.lists }

    /// How each declared list stands, in the order of their declaration.
    public nonisolated var statuses: [BlocklistStatus] { board.statuses }

    /// Fires whenever other ``lists`` are in force. Several changes at once fire once.
    public nonisolated func changes() -> AsyncStream<Void> { board.changes() }

    /// Takes the lists of a revision. Returns when everything that is compiled on disk is in force; what is new or
    /// changed is read by ``run()``. The files of lists that are gone are deleted.
    public func declare(_ lists: [Blocklist]) async {
        let now = clock.now()
        order = lists.map(\.name)
        var next: [String: ListEntry] = [:]
        for list in lists {
            if var entry = entries[list.name] {
                entry.redeclare(list, now: now, timing: timing)
                next[list.name] = entry
            } else {
                next[list.name] = ListEntry(list)
            }
        }
        entries = next
        await load()
        publish()
        wake()
    }

    /// Brings into force what is compiled on disk of lists that nothing is in force of.
    func load() async {
        let names = order.filter { entries[$0]?.isUnread == true }
        let (store, declared) = (store, Set(order))
        let loaded = await LowPriorityThread.run {
            let swept = Result { () throws(ListStoreFault) in try store.removeAll(but: declared) }
            return (swept, names.map { ($0, store.load($0)) })
        }
        if case .failure(let fault) = loaded.0 {
            logger.warning("old lists can't be deleted", metadata: ["error": "\(fault)"])
        }
        for (name, result) in loaded.1 {
            guard var entry = entries[name], entry.isUnread else { continue }
            switch result {
            case .success(let kept): entry.adopt(kept, now: clock.now(), timing: timing)
            case .failure(let fault):
                entry.isUnread = false
                if fault != .absent {
                    logger.warning(
                        "compiled list is not used", metadata: ["list": "\(name)", "error": "\(fault)"])
                }
            }
            entries[name] = entry
        }
    }

    /// Updates lists now, whatever their interval says, and returns how all declared ones stand then.
    ///
    /// - Parameters:
    ///   - names: which; nil: all enabled ones. Names that are not declared are left out.
    ///   - force: fetches the text even if its server says that it did not change, and takes one that lost most rules.
    public func update(names: [String]? = nil, force: Bool = false) async -> [BlocklistStatus] {
        let wanted = names.map(Set.init)
        let updates = order.filter { wanted?.contains($0) ?? true }.compactMap { begin($0, force: force) }
        for update in updates { await update.task.value }
        return statuses
    }

    /// Refreshes lists when they are due, until graceful shutdown or cancellation.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.keep() }
    }

    func publish() {
        board.set(
            lists: order.compactMap { entries[$0]?.list }, statuses: order.compactMap { entries[$0]?.status })
    }
}
