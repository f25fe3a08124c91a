import Model
import Testing

@testable import Reconciler

/// The codes of DESIGN 5.7 and their precedence.
@Suite struct ExitCodeTests {
    static let now = Timestamp(seconds: 0)

    func change(_ name: String, _ reason: Change.Reason = .desiredChanged) -> Change {
        Change(
            object: ObjectID(.peer, name), publicKey: nil, action: .update, reason: reason, fields: [], impact: .none,
            liveSessions: 0, isReportOnly: false, digest: name)
    }

    func report(preview: Bool = false, _ outcomes: [(Change, Outcome)] = []) -> PassReport {
        var plan = Plan.empty(revision: "r1", at: Self.now)
        plan.changes = outcomes.map(\.0)
        return PassReport(
            pass: "p", trigger: "t", isPreview: preview, startedAt: Self.now, plan: plan, outcomes: outcomes.map(\.1),
            remaining: [], observed: ObservedState(takenAt: Self.now, host: HostIdentity(bootID: "b", namespace: 1)))
    }

    let failed = Outcome.failed(message: "no", isTerminal: false)
    let refusal = RailRefusal(rail: "max-deletes", message: "", digest: "d", changes: [])
    let problem = PlanProblem(kind: .error, object: ObjectID(.interface, "wg0"), message: "")
    let consent = PlanProblem(kind: .consent, object: ObjectID(.interface, "wg0"), message: "")

    @Test func aPassInSyncIsSuccess() {
        #expect(report().exitCode == .success)
        #expect(report([(change("a"), .done)]).exitCode == .success)
        #expect(report(preview: true).exitCode == .success)
    }

    @Test func aPreviewWithChangesSaysSo() {
        #expect(report(preview: true, [(change("a"), .planned)]).exitCode == .changes)
    }

    @Test func aPartIsDistinguishedFromNothing() {
        #expect(report([(change("a"), .done), (change("b"), failed)]).exitCode == .partial)
        #expect(report([(change("a"), .done), (change("b"), .notTried(because: ""))]).exitCode == .partial)
        #expect(report([(change("a"), failed)]).exitCode == .error)
        var left = report([(change("a"), .done)])
        left.remaining = [change("b")]
        #expect(left.exitCode == .partial)
    }

    @Test func aLostRevocationIsPartialEvenAlone() {
        #expect(report([(change("a", .revoked), failed)]).exitCode == .partial)
        #expect(report([(change("a", .expired), .notTried(because: ""))]).exitCode == .partial)
    }

    @Test func whatIsHeldIsNoFailure() {
        #expect(report([(change("a"), .held(because: "drift: report"))]).exitCode == .success)
    }

    @Test func causesComeInTheDocumentedOrder() {
        var report = report(preview: true, [(change("a"), .planned)])
        report.plan.refusals = [refusal]
        #expect(report.exitCode == .refused)
        report.isStale = true
        #expect(report.exitCode == .stale)
        report.revisionFailure = .invalid(revision: "r", problems: [])
        #expect(report.exitCode == .invalid)
        report.plan.problems = [problem]
        #expect(report.exitCode == .error)
    }

    @Test func eachCauseHasItsCode() {
        var other = report()
        other.plan.problems = [consent]
        #expect(other.exitCode == .refused)
        other = report()
        other.clockRefusal = refusal
        #expect(other.exitCode == .refused)
        other = report()
        other.revisionFailure = .unreadable("gone")
        #expect(other.exitCode == .error)
        other = report()
        other.storeFailure = "full"
        #expect(other.exitCode == .error)
    }

    @Test func thePrecedenceCoversEveryCode() {
        for code in ExitCode.allCases { #expect(ExitCode.first(of: [code]) == code) }
        #expect(ExitCode.first(of: Set(ExitCode.allCases)) == .usage)
        #expect(ExitCode.first(of: Set(ExitCode.allCases).subtracting([.usage, .locked])) == .error)
        #expect(ExitCode.first(of: []) == .success)
    }
}
