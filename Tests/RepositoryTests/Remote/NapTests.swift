import Testing

@testable import Repository

@Suite("Naps between looks")
struct NapTests {
    private let clock = ContinuousClock()

    @Test func aNapEndsByItself() async {
        let began = clock.now
        await Nap().sleep(for: .milliseconds(50))
        #expect(clock.now - began >= .milliseconds(50))
    }

    @Test func whoAsksEndsIt() async {
        let nap = Nap()
        let began = clock.now
        let sleeper = Task { await nap.sleep(for: .seconds(600)) }
        // Before or after it fell asleep: both count.
        nap.end()
        await sleeper.value
        #expect(clock.now - began < .seconds(60))
    }

    @Test func whatWasAskedDuringALookEndsTheNextNapAndNoOther() async {
        let nap = Nap()
        for _ in 0..<5 { nap.end() }
        let began = clock.now
        await nap.sleep(for: .seconds(600))
        #expect(clock.now - began < .seconds(60))
        let second = clock.now
        await nap.sleep(for: .milliseconds(400))
        #expect(clock.now - second >= .milliseconds(400))
    }

    @Test func aCancelledTaskDoesNotSleep() async {
        let nap = Nap()
        let began = clock.now
        let sleeper = Task { await nap.sleep(for: .seconds(600)) }
        sleeper.cancel()
        await sleeper.value
        #expect(clock.now - began < .seconds(60))
    }
}
