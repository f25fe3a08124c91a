import Model
import Telemetry
import Testing

@Suite struct ConnectedTimeTests {
    /// The spans that looks at a peer tell of. A look sees the newest handshake until then.
    func spans(
        of handshakes: [Int64], looks: [Int64], every seconds: Int = 30, meter: TrafficMeter = TrafficMeter()
    ) -> [ConnectedSpan] {
        var meter = meter
        return looks.compactMap { look in
            let handshake = handshakes.filter { $0 <= look }.max()
            let reading = TrafficMeter.Reading(
                subject: .peer("a"), counters: TrafficBytes(), incarnation: 1,
                lastHandshake: handshake.map { Timestamp(seconds: $0) })
            return meter.sample([reading], time: Timestamp(seconds: look), seconds: seconds).entries.first?
                .connected
        }
    }

    /// Every second that a session lived in, once.
    func seconds(_ handshakes: [Int64], from first: Int64) -> Set<Int64> {
        var all: Set<Int64> = []
        for handshake in handshakes { all.formUnion(handshake..<handshake + 180) }
        return all.filter { $0 >= first }
    }

    @Test func aSessionLivesForThreeMinutes() {
        #expect(
            spans(of: [1010], looks: [1000, 1030, 1060, 1090])
                == [ConnectedSpan(start: Timestamp(seconds: 1010), end: Timestamp(seconds: 1190))])
    }

    @Test func renewedKeysAddWhatIsNew() {
        #expect(
            spans(of: [1010, 1130], looks: Array(stride(from: 1000, to: 1400, by: 30))).map(\.seconds) == [180, 120])
    }

    @Test func theFirstLookCountsFromItself() {
        #expect(
            spans(of: [950], looks: [1000, 1030])
                == [ConnectedSpan(start: Timestamp(seconds: 1000), end: Timestamp(seconds: 1130))])
        #expect(spans(of: [800], looks: [1000, 1030]).isEmpty)
    }

    @Test func whatAPassCreatedCountsFromItsHandshake() {
        var meter = TrafficMeter()
        meter.noteRecreated(.peer("a"))
        #expect(spans(of: [990], looks: [1000], meter: meter).map(\.start) == [Timestamp(seconds: 990)])
    }

    @Test func whoLooksSeldomMissesNoRenewal() {
        let handshakes = Array(stride(from: 1010 as Int64, to: 3000, by: 120))
        let found = spans(of: handshakes, looks: Array(stride(from: 1010, through: 3110, by: 300)), every: 300)
        #expect(found.map(\.seconds).reduce(0, +) == handshakes[handshakes.count - 1] + 180 - handshakes[0])
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.end == $1.start })
    }

    /// With looks at every interval up to a minute the sum is exact, whatever the phase.
    @Test(arguments: 0..<100)
    func theSumIsThatOfEverySecond(seed: Int) {
        var random = SplitMix(seed: UInt64(seed) &+ 7000)
        var handshakes: [Int64] = []
        var time: Int64 = 1_700_000_000
        while handshakes.count < 60 {
            time +=
                Bool.random(using: &random)
                ? .random(in: 115...125, using: &random) : .random(in: 61...900, using: &random)
            handshakes.append(time)
        }
        let interval = Int64.random(in: 1...60, using: &random)
        let first = handshakes[0] - .random(in: 0...50, using: &random)
        let looks = Array(stride(from: first, to: time + 200, by: Int64.Stride(interval)))
        let found = spans(of: handshakes, looks: looks, every: Int(interval))
        var counted: [Int64: Int] = [:]
        for span in found { for second in span.start.seconds..<span.end.seconds { counted[second, default: 0] += 1 } }
        #expect(counted.values.allSatisfy { $0 == 1 }, "a second is counted once")
        #expect(Set(counted.keys) == seconds(handshakes, from: first))
    }

    @Test func aRestartCountsOnFromTheBaseline() {
        let before = CounterBaseline(
            counters: TrafficBytes(), incarnation: 1, lastHandshake: Timestamp(seconds: 1010),
            connectedUntil: Timestamp(seconds: 1190))
        #expect(
            spans(of: [1010, 1130], looks: [1200], meter: TrafficMeter(baselines: [.peer("a"): before]))
                == [ConnectedSpan(start: Timestamp(seconds: 1190), end: Timestamp(seconds: 1310))])
    }

    /// A year too late, then right: the session of now counts, and only once.
    @Test func aClockSetBackCountsTheSessionsOfTheRightTime() {
        let year: Int64 = 86_400 * 365
        var meter = TrafficMeter()
        let look = { (meter: inout TrafficMeter, time: Int64, handshake: Int64) in
            meter.sample(
                [
                    TrafficMeter.Reading(
                        subject: .peer("a"), counters: TrafficBytes(), incarnation: 1,
                        lastHandshake: Timestamp(seconds: handshake))
                ], time: Timestamp(seconds: time), seconds: 30
            ).entries.first?.connected
        }
        #expect(look(&meter, year + 1000, year + 1000)?.seconds == 180)
        // Set back; the handshake is the one from before.
        #expect(look(&meter, 1030, year + 1000) == nil)
        #expect(
            look(&meter, 1130, 1120)
                == ConnectedSpan(start: Timestamp(seconds: 1120), end: Timestamp(seconds: 1300)))
        #expect(look(&meter, 1160, 1120) == nil)
    }

    @Test func aHandshakeOfTheFutureIsOneOfNow() {
        var meter = TrafficMeter(baselines: [.peer("a"): CounterBaseline(counters: TrafficBytes(), incarnation: 1)])
        let reading = TrafficMeter.Reading(
            subject: .peer("a"), counters: TrafficBytes(), incarnation: 1, lastHandshake: Timestamp(seconds: 90_000))
        let sample = meter.sample([reading], time: Timestamp(seconds: 1000), seconds: 30)
        #expect(
            sample.entries.first?.connected
                == ConnectedSpan(start: Timestamp(seconds: 1000), end: Timestamp(seconds: 1180)))
    }

    @Test func aClockSetForwardBeginsAnotherSpan() {
        let found = spans(of: [1010, 8000], looks: [1000, 1030, 8010])
        #expect(found.map(\.start.seconds) == [1010, 8000])
        #expect(found.map(\.seconds) == [180, 180])
    }
}
