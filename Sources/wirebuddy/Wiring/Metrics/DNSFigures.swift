import DNSForwarder
import Database
import Model

/// What the forwarder did, and what it has to work with.
struct DNSFigures: Sendable {
    /// What became of queries.
    var forwarder = ForwarderCounters()
    /// What happened while upstreams were asked.
    var upstreams = UpstreamCounters()
    /// What became of the rows of the query log.
    var log = QueryLogCounters()
    /// The blocklists.
    var blocklists: [BlocklistStatus] = []
    /// Where it is to answer, and whether it does.
    var listeners: [(place: String, isListening: Bool)] = []
}

extension ServedDNS {
    /// The figures of now.
    var figures: DNSFigures {
        DNSFigures(
            forwarder: forwarder.counters, upstreams: forwarder.upstreamCounters, log: log.counters,
            blocklists: blocklistStatuses,
            listeners: forwarder.listeners.map { status in
                switch status.state {
                case .listening: (place: "\(status.listen)", isListening: true)
                case .waiting: (place: "\(status.listen)", isListening: false)
                }
            })
    }
}
