import Model
import Telemetry
import Testing

@Suite struct InterfaceMeterTests {
    func reading(_ received: UInt64, incarnation: UInt64 = 1, isUp: Bool = true) -> TrafficMeter.Reading {
        TrafficMeter.Reading(
            subject: .interface("wg0"), counters: TrafficBytes(received: received, sent: 0), incarnation: incarnation,
            isUp: isUp)
    }

    /// What each look tells of the interface: bytes received and seconds up.
    func looks(
        _ meter: inout TrafficMeter, _ looks: [(time: Int64, seconds: Int, reading: TrafficMeter.Reading?)]
    ) -> [[Int64]] {
        looks.map { look in
            let sample = meter.sample(
                look.reading.map { [$0] } ?? [], time: Timestamp(seconds: look.time), seconds: look.seconds)
            return sample.entries.flatMap { [Int64($0.bytes.received), $0.connected?.seconds ?? 0] }
        }
    }

    @Test func theTimeUpIsThatBetweenTwoLooksThatShowItUp() {
        var meter = TrafficMeter()
        let told = looks(
            &meter,
            [
                (1000, 1, reading(10)), (1030, 30, reading(10)), (1060, 30, nil), (1090, 30, reading(20)),
                (1120, 30, reading(20)), (1150, 30, reading(30, isUp: false)), (1180, 30, reading(30, isUp: false)),
                (1210, 30, reading(30)), (1240, 30, reading(31)),
            ])
        #expect(told == [[0, 0], [0, 30], [], [10, 0], [0, 30], [10, 0], [], [0, 0], [1, 30]])
    }

    /// Seconds of two clocks are cut in different places: nothing is lost by it.
    @Test func roundingLeavesNoGap() {
        var meter = TrafficMeter()
        let told = looks(&meter, [(1000, 1, reading(0)), (1030, 29, reading(0)), (1059, 30, reading(0))])
        #expect(told == [[0, 0], [0, 30], [0, 29]])
    }

    @Test(arguments: [-86_400, -50, 3_600, 86_400 * 400] as [Int64])
    func aClockThatJumpsDoesNotStretchTheTime(jump: Int64) {
        var meter = TrafficMeter()
        let told = looks(&meter, [(10_000, 1, reading(0)), (10_030 + jump, 30, reading(0))])
        #expect(told == [[0, 0], [0, 30]])
    }

    @Test func aRestartDoesNotCountTheTimeBetween() {
        var meter = TrafficMeter()
        _ = looks(&meter, [(1000, 1, reading(100)), (1030, 30, reading(100))])
        var next = TrafficMeter(baselines: meter.baselines)
        #expect(looks(&next, [(1060, 1, reading(170)), (1090, 30, reading(170))]) == [[70, 0], [0, 30]])
    }

    @Test func anotherLinkOfTheNameBeginsAtZero() {
        var meter = TrafficMeter()
        _ = looks(&meter, [(1000, 1, reading(100))])
        #expect(looks(&meter, [(1030, 30, reading(500, incarnation: 2))]) == [[500, 0]])
    }

    /// Bytes and packets of a link are read one after the other.
    @Test func aLittleLessIsTheSameCounter() {
        var meter = TrafficMeter()
        let told = looks(
            &meter,
            [
                (1000, 1, reading(1_000_000)), (1030, 30, reading(1_000_000 - 32)), (1060, 30, reading(1_000_000 + 8)),
                (1090, 30, reading(1000)),
            ])
        #expect(told == [[0, 0], [0, 30], [8, 30], [1000, 0]])
    }
}
