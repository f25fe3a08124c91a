import Model
import Testing

@testable import Reconciler

@Suite("Pass reports")
struct PassReportTests {
    private static let at = Timestamp(seconds: 1_790_000_000)

    static func report(_ plan: Plan, _ outcomes: [Outcome]) -> PassReport {
        let host = HostIdentity(bootID: "c0ffee", namespace: 4_026_531_840)
        var report = PassReport(
            pass: "1a2b3c4d", trigger: "apply", isPreview: outcomes.isEmpty, startedAt: at, inForce: plan.revision,
            plan: plan, outcomes: outcomes.isEmpty ? plan.changes.map { _ in .planned } : outcomes, remaining: [],
            observed: ObservedState(takenAt: at, host: host))
        report.revision = RevisionInfo(
            DesiredRevision(
                id: plan.revision, catalog: .empty,
                warnings: ["peers/a.yaml:3:1: warning[expired]: expires_at is in the past"], isDirty: true,
                origin: "git branch main"))
        report.durations.apply = .milliseconds(120)
        report.writes = 7
        return report
    }

    private static let applied: PassReport = {
        var report = PassReportTests.report(
            SamplePlan.mixed,
            [
                .done, .failed(message: "link wg1: operation not supported", isTerminal: true),
                .held(because: "not ours without --adopt wg2"), .done, .held(because: "rail max-deletes"),
                .notTried(because: "firewall failed"), .done,
            ])
        report.remaining = [SamplePlan.mixed.changes[1]]
        report.flapping = [ObjectID(.interface, "wg0"): "another program keeps removing 10.8.0.1/24"]
        report.unresolved = [ObjectID(.peer, "wg0/branch"): "branch.example.net has no address yet"]
        report.suspension = Suspension(reason: "maintenance", until: at.advanced(bySeconds: 3600))
        return report
    }()

    @Test("a preview begins with its revision and says what is not part of it")
    func preview() throws {
        try Golden.expect(PassText(Self.report(SamplePlan.mixed, [])).render(), equals: "preview.txt")
    }

    @Test("what failed comes first, then what was not tried, then what was done")
    func applied() throws {
        try Golden.expect(PassText(Self.applied).render(), equals: "apply.txt")
    }

    @Test("an invalid head shows its problems and what stays in force")
    func invalid() throws {
        var report = Self.report(SamplePlan.plan([]), [])
        report.revision = nil
        report.inForce = "8c1f2a97d1"
        report.revisionFailure = .invalid(
            revision: "deadbeef", problems: ["peers/a.yaml:3:1: error[unknown-field]: unknown field \"adress\""])
        try Golden.expect(PassText(report).render(), equals: "invalid.txt")
        #expect(report.exitCode == .invalid)
    }

    @Test("a failure is never hidden behind the cap of what succeeded")
    func failureIsShown() {
        var outcomes = [Outcome](repeating: .done, count: 10_000)
        outcomes[9_999] = .failed(message: "no memory", isTerminal: false)
        let text = PassText(Self.report(SamplePlan.large, outcomes)).render()
        #expect(text.contains("Failed\n  + Peer wg0/p9999\n"))
        #expect(text.contains("no memory"))
        #expect(text.contains("partly applied: 9,999 created, 1 failed"))
    }

    @Test("the line of the loop says what was done, with names, and is absent when nothing was")
    func line() {
        #expect(
            PassText(Self.applied).line()
                == "8c1f2a97d1: revoked 1 deleted: Peer wg0/bob; applied 1 changed: Peer wg0/alice; "
                + "healed 1 changed: Sysctl net.ipv4.ip_forward; "
                + "1 failed (Interface wg1: link wg1: operation not supported (not tried again until something changes)); "
                + "1 not tried; refused by rail max-deletes: 1 of 3 peers would be deleted, the limit is 0")
        #expect(PassText(Self.report(SamplePlan.plan([]), [.done])).line() == nil)
    }

    @Test("a stale plan says so")
    func stale() {
        var report = Self.report(SamplePlan.mixed, [Outcome](repeating: .held(because: "stale"), count: 7))
        report.isStale = true
        #expect(PassText(report).render().contains("stale: the plan is now 3f2a91c04d1e, nothing was applied"))
    }

    @Test("JSON has every change, outcome and circumstance, in a stable order")
    func json() throws {
        let preview = PassJSON(Self.report(SamplePlan.mixed, []), exitCode: 11)
        try Golden.expect(String(decoding: preview.plan.document(), as: UTF8.self), equals: "plan.json")
        try Golden.expect(String(decoding: preview.drift.document(), as: UTF8.self), equals: "drift.json")
        let apply = PassJSON(Self.applied, exitCode: 14)
        try Golden.expect(String(decoding: apply.apply.document(), as: UTF8.self), equals: "apply.json")
    }
}
