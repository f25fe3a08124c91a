import Model

/// The newest events by their ids, for who was away for a moment.
struct EventLog {
    /// An event as it was sent.
    struct Entry: Sendable {
        /// Its number in this run.
        let number: Int
        /// Who may see it.
        let audience: GatewayEvent.Audience
        /// Its bytes.
        let frame: [UInt8]
    }

    private let run: Int64
    private let capacity: Int
    private var entries: [Entry] = []
    private var next = 1
    /// The newest pass and revision, for who begins to listen.
    private var present: [GatewayEvent.Kind: Entry] = [:]

    init(run: Int64, capacity: Int) {
        self.run = run
        self.capacity = capacity
    }

    mutating func append(_ event: GatewayEvent) -> Entry {
        let entry = Entry(number: next, audience: event.audience, frame: event.frame(id: "\(run)-\(next)"))
        next += 1
        entries.append(entry)
        if entries.count >= capacity * 2 { entries.removeFirst(entries.count - capacity) }
        if event.kind == .pass || event.kind == .revision { present[event.kind] = entry }
        return entry
    }

    /// Everything after an event; where it is not known (none was got, another run, too long ago) the present state.
    func events(after id: String?) -> [Entry] {
        let parts = id?.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) } ?? []
        if parts.count == 2, parts[0] == run, let last = parts[1], last < next {
            let oldest = entries.first?.number ?? next
            if last >= oldest - 1 { return Array(entries.drop { $0.number <= last }) }
        }
        return present.values.sorted { $0.number < $1.number }
    }
}
