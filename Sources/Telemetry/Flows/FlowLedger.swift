public import Model
public import Netlink

/// What forwarded flows moved: the counters of the kernel's connections, remembered from one look to the next, and the
/// differences, added up by peer and place.
///
/// Most flows end between two looks: the event of their end tells what they moved since the last one, of a short one all of
/// it. No address is kept beyond the call that brings it.
public struct FlowLedger: Sendable {
    /// The most flows that are remembered. Those beyond are counted when they end.
    public static let limit = 262_144

    /// Whose the addresses are.
    public var peers: FlowPeers
    /// Flows of peers in the last dump that the kernel doesn't count.
    public private(set) var unaccounted = 0
    /// Flows in the last dump that could not be remembered.
    public private(set) var overflow = 0
    /// Flows that are remembered.
    public var count: Int { flows.count }

    private let limit: Int
    private let place: @Sendable (IPAddress) -> Place
    private var flows: [FlowKey: Remembered] = [:]
    private var ended = EndedFlows()
    private var sums = FlowSums()
    private var dump = 0
    private var hasBaseline = false

    /// An empty ledger, which takes its first dump as what flowed before.
    ///
    /// - Parameter place: where an address is.
    public init(
        peers: FlowPeers = FlowPeers(), limit: Int = FlowLedger.limit,
        place: @escaping @Sendable (IPAddress) -> Place
    ) {
        self.peers = peers
        self.limit = limit
        self.place = place
    }

    /// Takes all connections that there are. A flow that comes twice counts once; one that is missing in two dumps one after
    /// the other is forgotten.
    ///
    /// - Parameter read: hands each connection to its argument. When it throws, what it had handed over stays counted, and
    ///   nothing is forgotten.
    public mutating func dump<Failure: Error>(
        _ read: ((Connection) -> Void) throws(Failure) -> Void
    ) throws(Failure) {
        dump += 1
        unaccounted = 0
        overflow = 0
        try read { list($0) }
        hasBaseline = true
        ended.forget()
        // The table changes during a dump: one that was passed over once may be there the next time.
        let oldest = dump - 1
        if flows.values.contains(where: { $0.dump < oldest }) { flows = flows.filter { $0.value.dump >= oldest } }
    }

    /// Takes the end of a connection with its last counters.
    public mutating func destroyed(_ connection: Connection) {
        // Before the first dump nobody knows what of it is ours to date.
        guard hasBaseline, let now = FlowCounters(connection), isForwarded(connection) else { return }
        let key = FlowKey(connection)
        let before = flows.removeValue(forKey: key)?.counters ?? FlowCounters()
        ended.add(key, now)
        add(now.since(before), of: connection)
    }

    /// What moved since the last sample was taken.
    public mutating func take(at time: Timestamp) -> FlowSample {
        defer { sums = FlowSums() }
        return sums.sample(at: time)
    }

    private mutating func list(_ connection: Connection) {
        guard isForwarded(connection) else { return }
        guard let now = FlowCounters(connection) else {
            if isOfPeer(connection) { unaccounted += 1 }
            return
        }
        // Flows of nobody are remembered, too: whose they are may change, and what they moved before is not the new owner's.
        let key = FlowKey(connection)
        if let before = flows[key] {
            flows[key] = Remembered(counters: now, dump: dump)
            add(now.since(before.counters), of: connection)
        } else if ended.contains(key, now) {
            // The kernel tells of the end a moment before the connection leaves the table.
            return
        } else if flows.count < limit {
            flows[key] = Remembered(counters: now, dump: dump)
            if hasBaseline { add(now, of: connection) }
        } else {
            overflow += 1
        }
    }

    private func isForwarded(_ connection: Connection) -> Bool {
        !peers.isLocal(connection.originator) && !peers.isLocal(connection.responder)
    }

    private func isOfPeer(_ connection: Connection) -> Bool {
        peers.peer(of: connection.originator) != nil || peers.peer(of: connection.responder) != nil
    }

    private mutating func add(_ moved: FlowCounters, of connection: Connection) {
        guard moved != FlowCounters() else { return }
        let (originator, responder) = (connection.originator, connection.responder)
        let outwards = TrafficBytes(received: moved.original, sent: moved.reply)
        let inwards = TrafficBytes(received: moved.reply, sent: moved.original)
        switch (peers.peer(of: originator), peers.peer(of: responder)) {
        case (let first?, let second?):
            sums.add(outwards, peer: first, place: nil)
            sums.add(inwards, peer: second, place: nil)
        case (let peer?, nil): sums.add(outwards, peer: peer, place: responder.isPlaceless ? nil : place(responder))
        case (nil, let peer?): sums.add(inwards, peer: peer, place: originator.isPlaceless ? nil : place(originator))
        case (nil, nil): break
        }
    }

    private struct Remembered {
        var counters: FlowCounters
        /// The last dump that it was in.
        var dump: Int
    }
}

extension Connection {
    /// Who began it.
    fileprivate var originator: IPAddress { IPAddress(original.source) }
    /// Who answers, behind a translation of the destination, too.
    fileprivate var responder: IPAddress { IPAddress(reply.source) }
}
