import Model
import Testing

@testable import Gateway

@Suite struct AttemptPolicyTests {
    private let start = Timestamp(seconds: 1_800_000_000)

    /// Fails as often as is allowed, and returns what is waited then.
    private func failUntilLocked(_ record: inout AttemptRecord, at now: Timestamp) -> (attempts: Int, wait: Int64?) {
        let policy = AttemptPolicy.login
        var attempts = 0
        while policy.wait(record, at: now) == nil, attempts < 20 {
            record = policy.adding(to: record, at: now)
            attempts += 1
        }
        return (attempts, policy.wait(record, at: now))
    }

    @Test func lockoutsGrowAndAreForgivenAfterADay() {
        var record = AttemptRecord()
        var now = start
        var steps: [Int64?] = []
        for _ in 0..<6 {
            let (attempts, wait) = failUntilLocked(&record, at: now)
            #expect(attempts <= 5)
            steps.append(wait)
            now = now.advanced(bySeconds: wait ?? 0)
        }
        #expect(steps == [60, 300, 900, 3600, 3600, 3600])
        #expect(AttemptPolicy.login.wait(record, at: now) == nil)
        now = now.advanced(bySeconds: 86_400)
        #expect(AttemptPolicy.login.isOver(record, at: now))
        let (attempts, wait) = failUntilLocked(&record, at: now)
        #expect(attempts == 5 && wait == 60)
    }

    @Test func fiveWithinAQuarterOfAnHour() {
        let policy = AttemptPolicy.login
        var record = AttemptRecord()
        for number in 0..<20 {
            // One every 4 minutes: never five within 15.
            let now = start.advanced(bySeconds: Int64(number) * 240)
            #expect(policy.wait(record, at: now) == nil)
            record = policy.adding(to: record, at: now)
            #expect(record.attempts.count <= 5)
        }
    }

    @Test func threePasswordsAnHour() {
        let policy = AttemptPolicy.password
        var record = AttemptRecord()
        for offset in [0, 60, 120] as [Int64] {
            let now = start.advanced(bySeconds: offset)
            #expect(policy.wait(record, at: now) == nil)
            record = policy.adding(to: record, at: now)
        }
        #expect(policy.wait(record, at: start.advanced(bySeconds: 120)) == 3480)
        #expect(policy.wait(record, at: start.advanced(bySeconds: 3600)) == nil)
    }
}
