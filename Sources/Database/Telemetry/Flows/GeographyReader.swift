import FoundationEssentials
import GRDB
import Model

/// Adds the flows of a span up, from the tables and from what they don't have yet.
struct GeographyReader {
    private let peers: Set<Int64>?
    private let names: Set<String>?
    /// What each place had, and whose it was.
    private var rows: [FlowPlace: (bytes: TrafficBytes, peers: Set<String>)] = [:]
    private var numbered: [Int64: (bytes: TrafficBytes, peers: Set<Int64>)] = [:]

    /// - Parameter peers: Whose flows count; nil: all of them.
    static func read(
        peers: Set<String>?, from: Timestamp, to: Timestamp, pending: PendingFlows, _ db: Database
    ) throws -> FlowGeography {
        let state = try FlowState(db)
        let kept = [
            try FlowTable.hour.first(db), try FlowTable.day.first(db).map { $0 * Bucket.hoursOfDay },
            pending.hours.keys.min(),
        ].compactMap(\.self).min()
        guard let kept, from < to else { return FlowGeography() }
        let span = FlowSpan(
            hours: Bucket.hour(of: from)..<Bucket.hour(of: to.advanced(bySeconds: -1)) + 1,
            deleted: state.deletedHour)
        var reader = try GeographyReader(peers: peers, db)
        for hours in span.hours { try FlowTable.hour.read(hours, db) { try reader.add($0) } }
        if let days = span.days {
            try FlowTable.day.read(days, db) { try reader.add($0) }
            let hours = days.lowerBound * Bucket.hoursOfDay..<days.upperBound * Bucket.hoursOfDay
            try FlowTable.hour.read(hours, onlyOpen: true, db) { try reader.add($0) }
        }
        for (hour, rows) in pending.hours where span.all.contains(hour) { reader.add(rows) }
        var names = try PlaceTable.names(db)
        names.countries.merge(pending.names.countries) { $1 }
        names.systems.merge(pending.names.systems) { $1 }
        var geography = try reader.finished(names, db)
        geography.from = Bucket.time(ofHour: max(span.all.lowerBound, kept))
        return geography
    }

    private init(peers: Set<String>?, _ db: Database) throws {
        names = peers
        self.peers = try peers.map { names in
            Set(try names.compactMap { try SubjectTable.number(of: .peer($0), db) })
        }
    }

    private mutating func add(_ packed: Data) throws {
        try FlowSums.read(packed) { key, bytes in
            guard peers?.contains(key.peer) ?? true else { return }
            numbered[key.place, default: (TrafficBytes(), [])].bytes += bytes
            numbered[key.place]?.peers.insert(key.peer)
        }
    }

    private mutating func add(_ pending: [PendingFlows.Key: TrafficBytes]) {
        for (key, bytes) in pending where names?.contains(key.peer) ?? true {
            rows[key.place, default: (TrafficBytes(), [])].bytes += bytes
            rows[key.place]?.peers.insert(key.peer)
        }
    }

    private mutating func finished(_ names: PlaceNames, _ db: Database) throws -> FlowGeography {
        let places = try PlaceTable.places(db)
        let subjects = try SubjectTable(db).subjects
        for (number, sums) in numbered {
            guard let place = places[number] else { throw DamagedHistory() }
            rows[place, default: (TrafficBytes(), [])].bytes += sums.bytes
            for peer in sums.peers {
                guard case .peer(let name)? = subjects[peer] else { throw DamagedHistory() }
                rows[place]?.peers.insert(name)
            }
        }
        var geography = FlowGeography()
        var countries: [String: (bytes: TrafficBytes, peers: Set<String>)] = [:]
        var systems: [UInt32: (bytes: TrafficBytes, peers: Set<String>)] = [:]
        for (place, sums) in rows {
            guard place != .private else {
                geography.privateNetworks += sums.bytes
                continue
            }
            var found: (country: String?, asn: UInt32?)
            if case .known(let country, let asn) = place { found = (country, asn) }
            Self.add(sums, to: &countries, found.country, else: &geography.unknownCountry)
            Self.add(sums, to: &systems, found.asn, else: &geography.unknownSystem)
        }
        geography.countries = Self.sorted(countries, names.countries)
        geography.systems = Self.sorted(systems, names.systems)
        return geography
    }

    private static func add<Code: Hashable>(
        _ sums: (bytes: TrafficBytes, peers: Set<String>),
        to all: inout [Code: (bytes: TrafficBytes, peers: Set<String>)], _ code: Code?, else unknown: inout TrafficBytes
    ) {
        guard let code else {
            unknown += sums.bytes
            return
        }
        all[code, default: (TrafficBytes(), [])].bytes += sums.bytes
        all[code]?.peers.formUnion(sums.peers)
    }

    /// Largest first, then by the code.
    private static func sorted<Code: Hashable & Comparable>(
        _ all: [Code: (bytes: TrafficBytes, peers: Set<String>)], _ names: [Code: String]
    ) -> [FlowGeography.Row<Code>] {
        all.map { FlowGeography.Row(code: $0, name: names[$0], bytes: $1.bytes, peers: $1.peers.count) }
            .sorted { $0.bytes.total != $1.bytes.total ? $0.bytes.total > $1.bytes.total : $0.code < $1.code }
    }
}
