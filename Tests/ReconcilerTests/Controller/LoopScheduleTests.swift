import Testing

@testable import Reconciler

@Suite struct LoopScheduleTests {
    func settled(at now: Duration = .zero, interval: Duration = .seconds(30)) -> LoopSchedule {
        var schedule = LoopSchedule()
        #expect(schedule.due == .zero && schedule.begin(at: now) == .start)
        schedule.finish(began: now, interval: interval, retryAt: nil, instantAt: nil)
        return schedule
    }

    @Test func theIntervalRunsFromTheBeginningOfAPass() {
        var schedule = settled(at: .seconds(5))
        #expect(schedule.due == .seconds(35))
        #expect(schedule.begin(at: .seconds(35)) == .interval)
    }

    @Test func aStormOfEventsIsOnePassPerSecond() {
        var schedule = settled()
        var passes: [Duration] = []
        var now = Duration.seconds(10)
        while now < .seconds(13) {
            schedule.receive(.event, at: now)
            if let due = schedule.due, due <= now {
                #expect(schedule.begin(at: now) == .event)
                schedule.finish(began: now, interval: .seconds(30), retryAt: nil, instantAt: nil)
                passes.append(now)
            }
            now += .milliseconds(1)
        }
        #expect(passes == [10_100, 11_100, 12_100].map { .milliseconds($0) })
    }

    @Test func oneEventIsLookedAtWithinTwoSecondsEvenRightAfterAnEventPass() {
        var schedule = settled()
        schedule.receive(.event, at: .seconds(10))
        _ = schedule.begin(at: .milliseconds(10_100))
        schedule.finish(began: .milliseconds(10_100), interval: .seconds(30), retryAt: nil, instantAt: nil)
        schedule.receive(.event, at: .milliseconds(10_101))
        #expect(schedule.due == .milliseconds(11_100))
    }

    @Test(arguments: [LoopTrigger.revision, .reload, .userspaceEnded, .name])
    func whatSomebodyWaitsForIsDueAtOnce(_ trigger: LoopTrigger) {
        var schedule = settled()
        schedule.fail(at: .seconds(1), interval: .seconds(30), jitter: 0)
        schedule.receive(.event, at: .seconds(1))
        schedule.receive(trigger, at: .seconds(1))
        #expect(schedule.due == .zero && schedule.begin(at: .seconds(1)) == trigger)
        schedule.finish(began: .seconds(1), interval: .seconds(30), retryAt: nil, instantAt: nil)
        #expect(schedule.due == .seconds(31), "the event was covered by that pass")
    }

    @Test func failedPassesBackOffAndEventsWaitForIt() {
        var schedule = settled()
        var now = Duration.seconds(100)
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            schedule.receive(.event, at: now)
            schedule.fail(at: now, interval: .seconds(30), jitter: 0)
            #expect(schedule.due == now + .seconds(seconds))
            now += .seconds(seconds)
            _ = schedule.begin(at: now)
        }
        schedule.finish(began: now, interval: .seconds(30), retryAt: nil, instantAt: nil)
        schedule.receive(.event, at: now)
        #expect(schedule.due == now + .milliseconds(100))
    }

    @Test func anInstantAndARetryAreDueAtTheirTime() {
        var schedule = settled()
        _ = schedule.begin(at: .zero)
        schedule.finish(began: .zero, interval: .seconds(30), retryAt: .seconds(9), instantAt: .seconds(7))
        #expect(schedule.due == .seconds(7) && schedule.begin(at: .seconds(7)) == .instant)
    }

    @Test func backoffDoublesWithJitterBelowAFifth() {
        #expect(Backoff.delay(failures: 1, jitter: 0) == .seconds(1))
        #expect(Backoff.delay(failures: 3, jitter: 0) == .seconds(4))
        #expect(Backoff.delay(failures: 40, jitter: 0) == .seconds(60))
        #expect(Backoff.delay(failures: 2, jitter: 0.5) == .milliseconds(1800))
    }
}
