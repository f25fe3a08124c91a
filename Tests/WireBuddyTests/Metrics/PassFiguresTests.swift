import Model
import Testing

@testable import Reconciler
@testable import wirebuddy

@Suite struct PassFiguresTests {
    private func result(of report: PassReport) -> PassFigures.Result? {
        var figures = PassFigures()
        figures.count(report)
        return figures.passes.first?.key.result
    }

    @Test func passesAreCountedByTriggerAndResult() {
        var figures = PassFigures()
        figures.count(.sample(trigger: "start", at: 100))
        figures.count(.sample(at: 200))
        figures.count(.sample(at: 300))
        figures.count(.sample(at: 400, [(.sample(.peer, .create), .failed(message: "no", isTerminal: false))]))
        #expect(figures.passes[PassFigures.Pass(trigger: "event", result: .success)] == 2)
        #expect(figures.passes[PassFigures.Pass(trigger: "start", result: .success)] == 1)
        #expect(figures.passes[PassFigures.Pass(trigger: "event", result: .failed)] == 1)
        #expect(figures.lastSuccess == 300)
    }

    @Test func eachWayToEndHasItsName() {
        #expect(result(of: .sample()) == .success)
        var report = PassReport.sample()
        report.revisionFailure = .unreadable("no")
        #expect(result(of: report) == .failed)
        report.revisionFailure = .invalid(revision: "r2", problems: ["a"])
        #expect(result(of: report) == .invalid)
        report = .sample()
        report.plan.refusals = [RailRefusal(rail: "max-deletes", message: "3", digest: "d", changes: [])]
        #expect(result(of: report) == .refused)
        report = .sample()
        report.storeFailure = "disk full"
        #expect(result(of: report) == .failed)
        report = .sample()
        report.suspension = Suspension(reason: "work", until: nil)
        #expect(result(of: report) == .suspended)
        report = .sample([(.sample(.route, .create, .drift), .held(because: "reported"))])
        #expect(result(of: report) == .success)
    }

    @Test func changesAndDriftAreCountedByWhatBecameOfThem() {
        var figures = PassFigures()
        var report = PassReport.sample([
            (.sample(.peer, .create), .done), (.sample(.peer, .create, .drift), .done),
            (.sample(.peer, .delete), .failed(message: "no", isTerminal: true)),
            (.sample(.route, .create, .drift), .held(because: "reported")),
            (.sample(.firewall, .update), .notTried(because: "before")),
        ])
        let healing = PassReport.sample([(.sample(.firewall, .update, .drift), .done)])
        report.healing = PassReport.Healing(plan: healing.plan, outcomes: healing.outcomes, remaining: [])
        report.writes = 7
        figures.count(report)
        #expect(figures.changes[PassFigures.Change(kind: .peer, action: .create, isDone: true)] == 2)
        #expect(figures.changes[PassFigures.Change(kind: .peer, action: .delete, isDone: false)] == 1)
        #expect(figures.changes[PassFigures.Change(kind: .firewall, action: .update, isDone: true)] == 1)
        #expect(figures.changes.count == 3)
        #expect(figures.healed == [.peer: 1, .firewall: 1])
        #expect(figures.writes == 7)
    }

    @Test func aPreviewIsNoPass() {
        var figures = PassFigures()
        var report = PassReport.sample()
        report.isPreview = true
        figures.count(report)
        #expect(figures == PassFigures())
    }
}
