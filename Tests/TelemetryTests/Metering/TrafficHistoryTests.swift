import Model
import Telemetry
import Testing

/// Random lives of peers, metered, and added up a second time from what really flowed.
@Suite struct TrafficHistoryTests {
    /// A peer as the kernel has it, and what flowed through it.
    struct Peer {
        var counters = TrafficBytes()
        var incarnation: UInt64
        var lastHandshake: Int64?
        /// What flowed since the last look at it: lost, should the counters go.
        var tail = TrafficBytes()
        /// What a look has shown.
        var shown = TrafficBytes()
        /// Whether a look has shown it at all.
        var isKnown = false
        var isPresent = true

        mutating func flow(_ bytes: TrafficBytes) {
            counters += bytes
            tail += bytes
        }

        mutating func look() {
            if isKnown { shown += tail }
            tail = TrafficBytes()
            isKnown = true
        }

        mutating func beginAnew() {
            counters = TrafficBytes()
            lastHandshake = nil
            tail = TrafficBytes()
        }
    }

    @Test(arguments: 0..<100)
    func nothingIsLostOrCountedTwice(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var time: Int64 = 1_700_000_000
        var boot: UInt64 = 1
        var peers = (0..<8).map { Peer(incarnation: boot << 8 + UInt64($0)) }
        var meter = TrafficMeter()
        var sums: [TrafficSubject: TrafficBytes] = [:]
        var stored: [TrafficSubject: CounterBaseline] = [:]
        for _ in 0..<400 {
            let index = Int.random(in: 0..<peers.count, using: &random)
            switch Int.random(in: 0..<20, using: &random) {
            case 0..<8 where peers[index].isPresent:
                let most: UInt64 = Bool.random(using: &random) ? 1 << 40 : 1500
                peers[index].flow(
                    TrafficBytes(
                        received: .random(in: 0...most, using: &random), sent: .random(in: 0...most, using: &random)))
            case 8 where peers[index].isPresent: peers[index].lastHandshake = time
            case 9:
                // A pass took it away and put it back.
                peers[index].beginAnew()
                peers[index].isPresent = true
                peers[index].isKnown = true
                meter.noteRecreated(.peer("\(index)"))
            case 10 where peers[index].isKnown && peers[index].shown.received > 0 && stored[.peer("\(index)")] != nil:
                // Somebody else did, which shows by a smaller counter.
                guard let before = stored[.peer("\(index)")]?.counters, before.received > 0 else { continue }
                peers[index].beginAnew()
                peers[index].isPresent = true
                peers[index].flow(TrafficBytes(received: before.received - 1, sent: 5))
                look(&peers, &meter, &sums, &stored, &time, &random)
            case 11 where peers[index].isKnown: peers[index].isPresent = false
            case 12:
                // The host began anew: all links are new, and the peers that were absent come with them.
                boot += 1
                for number in peers.indices where peers[number].isKnown {
                    peers[number].beginAnew()
                    peers[number].incarnation = boot << 8 + UInt64(number)
                    peers[number].isPresent = true
                }
            case 13:
                // A daemon that begins anew knows of no pass before it, so it looks first.
                look(&peers, &meter, &sums, &stored, &time, &random)
                meter = TrafficMeter(baselines: stored)
            case 14: time += .random(in: -100_000...100_000, using: &random)
            default: look(&peers, &meter, &sums, &stored, &time, &random)
            }
        }
        look(&peers, &meter, &sums, &stored, &time, &random)
        #expect(meter.baselines == stored)
        for (index, peer) in peers.enumerated() {
            #expect(sums[.peer("\(index)"), default: TrafficBytes()] == peer.shown, "peer \(index)")
        }
        #expect(sums.values.contains { !$0.isZero })
    }

    private func look(
        _ peers: inout [Peer], _ meter: inout TrafficMeter, _ sums: inout [TrafficSubject: TrafficBytes],
        _ stored: inout [TrafficSubject: CounterBaseline], _ time: inout Int64, _ random: inout SplitMix
    ) {
        time += 30
        var readings: [TrafficMeter.Reading] = []
        for index in peers.indices where peers[index].isPresent {
            peers[index].look()
            readings.append(
                TrafficMeter.Reading(
                    subject: .peer("\(index)"), counters: peers[index].counters, incarnation: peers[index].incarnation,
                    lastHandshake: peers[index].lastHandshake.map { Timestamp(seconds: $0) }))
        }
        readings.shuffle(using: &random)
        let sample = meter.sample(readings, time: Timestamp(seconds: time), seconds: 30)
        #expect(Set(sample.entries.map(\.subject)).count == sample.entries.count)
        for entry in sample.entries {
            sums[entry.subject, default: TrafficBytes()] += entry.bytes
            stored[entry.subject] = entry.baseline
        }
    }
}
