import Model

/// A year of a gateway with a fixed seed: many peers, of which some are active; each of those moves in about two of three
/// samples of its hours, and shakes hands every two minutes.
struct YearSource: Sendable {
    static let start = Timestamp(seconds: 1_798_761_600)
    static let days: Int64 = 365

    let peers: [TrafficSubject]
    /// How many are active in an hour.
    let active: Int
    let interval: Int64
    private var baselines: [CounterBaseline]
    private var state: UInt64 = 42

    init(peers: Int, active: Int, interval: Int64) {
        // As long as the stable identifiers are.
        self.peers = (0..<peers).map { number in
            let text = String(number, radix: 16)
            return .peer("00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - text.count) + text)
        }
        self.active = active
        self.interval = interval
        baselines = (0..<peers).map { number in
            CounterBaseline(counters: TrafficBytes(), incarnation: 0x9E37_79B9_7F4A_7C15 &* UInt64(number + 1))
        }
    }

    /// A number below `end` (SplitMix64).
    mutating func draw(_ end: UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return (mixed ^ (mixed >> 31)) % end
    }

    /// The first look: all peers are there, and nothing of them is counted.
    func first(at time: Timestamp) -> TrafficSample {
        TrafficSample(
            time: time, seconds: Int(interval),
            entries: zip(peers, baselines).map { .init(subject: $0, bytes: TrafficBytes(), baseline: $1) })
    }

    /// The numbers of the peers that are active in an hour: most of them always, a tenth changes.
    mutating func activePeers() -> [Int] {
        let steady = active * 9 / 10
        return Array(0..<steady) + (steady..<active).map { _ in steady + Int(draw(UInt64(peers.count - steady))) }
    }

    /// A sample in which these peers may have moved. Nobody is in it twice.
    mutating func sample(at time: Timestamp, seconds: Int64, _ active: [Int]) -> TrafficSample {
        var sample = TrafficSample(time: time, seconds: Int(seconds))
        sample.entries.reserveCapacity(active.count)
        var last = -1
        for number in active.sorted() where number != last && draw(3) > 0 {
            last = number
            let bytes = TrafficBytes(
                received: draw(200_000) * UInt64(seconds), sent: draw(2_000_000) * UInt64(seconds))
            baselines[number].counters += bytes
            var entry = TrafficSample.Entry(
                subject: peers[number], bytes: bytes, baseline: baselines[number])
            let until = baselines[number].connectedUntil ?? time
            if draw(4) == 0 || until <= time {
                let end = time.advanced(bySeconds: 180)
                entry.connected = ConnectedSpan(start: max(until, time.advanced(bySeconds: -seconds)), end: end)
                baselines[number].lastHandshake = time
                baselines[number].connectedUntil = end
                entry.baseline = baselines[number]
            }
            sample.entries.append(entry)
        }
        return sample
    }

    /// What the flows of these peers moved to a few dozen of 200 places each.
    mutating func flows(at time: Timestamp, _ active: [Int]) -> FlowSample {
        var sample = FlowSample(time: time)
        for number in Set(active).sorted() {
            guard case .peer(let peer) = peers[number] else { continue }
            for _ in 0..<20 {
                let asn = draw(200) * draw(200) / 200
                sample.entries.append(
                    .init(
                        peer: peer, place: .known(country: Self.code(asn % 40), asn: UInt32(1000 + asn)),
                        bytes: TrafficBytes(received: draw(1 << 24), sent: draw(1 << 28))))
            }
        }
        return sample
    }

    private static func code(_ number: UInt64) -> String {
        let letter = { (number: UInt64) in Character(Unicode.Scalar(UInt8(65 + number % 26))) }
        return String([letter(number / 26), letter(number)])
    }
}
