import FoundationEssentials
import Model

/// What moved between peers and places in an hour or a day, both by their numbers.
struct FlowSums: Sendable, Equatable {
    struct Key: Hashable, Sendable {
        var peer: Int64
        var place: Int64
    }

    private(set) var rows: [Key: TrafficBytes] = [:]

    init() {}

    /// Takes apart what ``packed`` put together.
    init(_ data: Data) throws(DamagedHistory) {
        try Self.read(data) { rows[$0, default: TrafficBytes()] += $1 }
    }

    mutating func add(_ bytes: TrafficBytes, _ key: Key) { rows[key, default: TrafficBytes()] += bytes }

    static func += (a: inout FlowSums, b: FlowSums) {
        for (key, bytes) in b.rows { a.add(bytes, key) }
    }

    /// The rows in the order of peers and places: steps and bytes.
    var packed: Data {
        var writer = ByteWriter()
        var last = Key(peer: 0, place: 0)
        for (key, bytes) in rows.sorted(by: { ($0.key.peer, $0.key.place) < ($1.key.peer, $1.key.place) }) {
            writer.put(UInt64(key.peer - last.peer))
            writer.put(UInt64(key.peer == last.peer ? key.place - last.place : key.place))
            writer.put(bytes)
            last = key
        }
        return Data(writer.bytes)
    }

    /// Reads packed rows without keeping them.
    static func read(_ data: Data, _ body: (Key, TrafficBytes) -> Void) throws(DamagedHistory) {
        var reader = ByteReader(data)
        var key = Key(peer: 0, place: 0)
        while !reader.isAtEnd {
            let (peers, places) = (try reader.number(), try reader.number())
            guard peers < 1 << 40, places < 1 << 40, key.peer < 1 << 40, key.place < 1 << 40 else {
                throw DamagedHistory()
            }
            key = Key(peer: key.peer + Int64(peers), place: (peers == 0 ? key.place : 0) + Int64(places))
            body(key, try reader.trafficBytes())
        }
    }
}
