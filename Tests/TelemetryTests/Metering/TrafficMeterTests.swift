import Model
import Telemetry
import Testing

@Suite struct TrafficMeterTests {
    let subject = TrafficSubject.peer("a")

    func reading(
        _ received: UInt64, _ sent: UInt64, incarnation: UInt64 = 1, handshake: Int64? = nil
    ) -> TrafficMeter.Reading {
        TrafficMeter.Reading(
            subject: subject, counters: TrafficBytes(received: received, sent: sent), incarnation: incarnation,
            lastHandshake: handshake.map { Timestamp(seconds: $0) })
    }

    func meter(_ received: UInt64, _ sent: UInt64, handshake: Int64? = nil) -> TrafficMeter {
        TrafficMeter(baselines: [
            subject: CounterBaseline(
                counters: TrafficBytes(received: received, sent: sent), incarnation: 1,
                lastHandshake: handshake.map { Timestamp(seconds: $0) })
        ])
    }

    func bytes(_ meter: inout TrafficMeter, _ reading: TrafficMeter.Reading) -> TrafficBytes? {
        meter.sample([reading], time: Timestamp(seconds: 1000), seconds: 30).entries.first?.bytes
    }

    @Test func countersThatGrewMovedTheDifference() {
        var meter = meter(100, 1000)
        #expect(bytes(&meter, reading(150, 1700)) == TrafficBytes(received: 50, sent: 700))
        #expect(bytes(&meter, reading(150, 1701)) == TrafficBytes(received: 0, sent: 1))
    }

    @Test func thoseThatStandStillAreNoEntries() {
        var meter = meter(100, 1000)
        #expect(meter.sample([reading(100, 1000)], time: Timestamp(seconds: 1000), seconds: 30).entries.isEmpty)
    }

    @Test func theFirstLookOnlySetsTheBaseline() throws {
        var meter = TrafficMeter()
        let sample = meter.sample([reading(100, 1000)], time: Timestamp(seconds: 1000), seconds: 30)
        let entry = try #require(sample.entries.first)
        #expect(entry.bytes.isZero)
        #expect(entry.baseline.counters == TrafficBytes(received: 100, sent: 1000))
        #expect(bytes(&meter, reading(101, 1002)) == TrafficBytes(received: 1, sent: 2))
    }

    @Test func whatAPassCreatedBeganAtZero() {
        var meter = TrafficMeter()
        meter.noteRecreated(subject)
        #expect(bytes(&meter, reading(100, 1000)) == TrafficBytes(received: 100, sent: 1000))
        #expect(bytes(&meter, reading(101, 1000)) == TrafficBytes(received: 1, sent: 0))
    }

    @Test func aPassRecreatedItAndMoreMovedThanBefore() {
        var meter = meter(100, 1000)
        meter.noteRecreated(subject)
        #expect(bytes(&meter, reading(300, 3000)) == TrafficBytes(received: 300, sent: 3000))
        #expect(bytes(&meter, reading(300, 3000)) == nil, "it is recreated once")
    }

    /// Else a restart of the daemon would count on from what was before.
    @Test func aRecreationThatMovedNothingIsAnEntry() {
        var meter = meter(0, 0)
        meter.noteRecreated(subject)
        #expect(bytes(&meter, reading(0, 0)) == TrafficBytes())
    }

    @Test func theNoteWaitsForTheLookThatShowsIt() {
        var meter = meter(100, 1000)
        meter.noteRecreated(subject)
        #expect(meter.sample([], time: Timestamp(seconds: 1000), seconds: 30).entries.isEmpty)
        #expect(bytes(&meter, reading(300, 3000)) == TrafficBytes(received: 300, sent: 3000))
    }

    @Test func aSmallerCounterBeganAnew() {
        var meter = meter(100, 1000)
        #expect(bytes(&meter, reading(99, 5000)) == TrafficBytes(received: 99, sent: 5000))
        var other = self.meter(100, 1000)
        #expect(bytes(&other, reading(500, 999)) == TrafficBytes(received: 500, sent: 999))
    }

    @Test func anotherIncarnationBeganAnew() {
        var meter = meter(100, 1000)
        #expect(bytes(&meter, reading(200, 2000, incarnation: 2)) == TrafficBytes(received: 200, sent: 2000))
    }

    @Test func aHandshakeThatVanishedTellsOfAnotherPeer() {
        var meter = meter(100, 1000, handshake: 900)
        #expect(bytes(&meter, reading(100, 1148)) == TrafficBytes(received: 100, sent: 1148))
    }

    /// The clock was set back: the counters are the same ones.
    @Test func anEarlierHandshakeAloneCountsNothingTwice() {
        var meter = meter(100, 1000, handshake: 900)
        #expect(bytes(&meter, reading(192, 1148, handshake: 500)) == TrafficBytes(received: 92, sent: 148))
    }

    @Test func absenceSaysNothing() {
        var meter = meter(100, 1000)
        #expect(meter.sample([], time: Timestamp(seconds: 1000), seconds: 30).entries.isEmpty)
        #expect(bytes(&meter, reading(110, 1000)) == TrafficBytes(received: 10, sent: 0))
    }

    @Test func nobodyIsCountedTwiceInALook() {
        var meter = meter(100, 1000)
        let sample = meter.sample(
            [reading(110, 1000), reading(120, 1000)], time: Timestamp(seconds: 1000), seconds: 30)
        #expect(sample.entries.map(\.bytes) == [TrafficBytes(received: 10, sent: 0)])
    }

    @Test func largeCountersDoNotOverflow() {
        var meter = meter(.max - 1, 0)
        #expect(bytes(&meter, reading(.max, .max)) == TrafficBytes(received: 1, sent: .max))
    }

    @Test func secondsAreAtLeastOne() {
        var meter = TrafficMeter()
        #expect(meter.sample([], time: Timestamp(seconds: 1000), seconds: 0).seconds == 1)
    }

    @Test func tenThousandSilentPeersAreNoEntries() {
        var meter = TrafficMeter()
        let readings = (0..<10_000).map { number in
            TrafficMeter.Reading(
                subject: .peer("peer-\(number)"), counters: TrafficBytes(received: UInt64(number), sent: 5),
                incarnation: UInt64(number), lastHandshake: number % 2 == 0 ? Timestamp(seconds: 10) : nil)
        }
        #expect(meter.sample(readings, time: Timestamp(seconds: 1000), seconds: 30).entries.count == 10_000)
        #expect(meter.sample(readings, time: Timestamp(seconds: 1030), seconds: 30).entries.isEmpty)
        var moved = readings
        moved[77].counters.sent += 1
        #expect(
            meter.sample(moved, time: Timestamp(seconds: 1060), seconds: 30).entries.map(\.subject)
                == [.peer("peer-77")])
    }

    @Test func incarnationsDifferInEachPart() {
        let key = [UInt8](repeating: 7, count: 32)
        let all = [
            CounterIncarnation.number(boot: "a", link: 1, key: key),
            CounterIncarnation.number(boot: "b", link: 1, key: key),
            CounterIncarnation.number(boot: "a", link: 2, key: key),
            CounterIncarnation.number(boot: "a", link: 1, key: key.dropLast()),
            CounterIncarnation.number(boot: "a", link: 1, key: []),
        ]
        #expect(Set(all).count == all.count)
        #expect(
            CounterIncarnation.number(boot: "", link: 0, key: [])
                == CounterIncarnation.number(boot: "", link: 0, key: []))
        // The value is kept on the disk, so it must not change: FNV-1a of ff 00 00 00 00.
        #expect(CounterIncarnation.number(boot: "", link: 0, key: []) == fnv([0xFF, 0, 0, 0, 0]))
    }

    private func fnv(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }
}
