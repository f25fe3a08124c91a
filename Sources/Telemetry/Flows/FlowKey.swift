import Netlink

/// Tells a flow from others without holding its addresses. Of this process only: the hash has a random seed, so that nobody
/// outside can make two flows meet.
struct FlowKey: Hashable {
    private let hash: Int

    init(_ connection: Connection) {
        var hasher = Hasher()
        hasher.combine(connection.id)
        hasher.combine(connection.protocolNumber)
        hasher.combine(connection.original)
        hasher.combine(connection.reply)
        hash = hasher.finalize()
    }
}

/// What a flow has moved.
struct FlowCounters: Hashable {
    var original: UInt64 = 0
    var reply: UInt64 = 0

    init() {}

    /// Nil: the kernel doesn't count the connection.
    init?(_ connection: Connection) {
        guard let original = connection.originalBytes, let reply = connection.replyBytes else { return nil }
        self.original = original
        self.reply = reply
    }

    /// What moved since then. Counters that went back are those of another flow between the same ends, which got the id of the
    /// old one, as ids are made of the place in memory.
    func since(_ before: FlowCounters) -> FlowCounters {
        guard original >= before.original, reply >= before.reply else { return self }
        var moved = self
        moved.original -= before.original
        moved.reply -= before.reply
        return moved
    }
}

/// Flows whose end was told since the last dump, with their last counters: the next dump may hold them still.
struct EndedFlows {
    /// Only the newest can be in the table still.
    private static let limit = 65_536
    private var flows: [FlowKey: FlowCounters] = [:]

    mutating func add(_ key: FlowKey, _ counters: FlowCounters) {
        if flows.count == Self.limit { forget() }
        flows[key] = counters
    }

    /// Whether it is this one. With other counters it is a new one that got the same id.
    func contains(_ key: FlowKey, _ counters: FlowCounters) -> Bool { flows[key] == counters }

    mutating func forget() { flows.removeAll(keepingCapacity: flows.count > 1024) }
}
