import Gateway
import Model
import Testing

@testable import Reconciler

@Suite("What passes have to tell")
struct NotificationWatchTests {
    private func told(_ messages: [NotificationMessage]) -> [String] {
        messages.map { "\($0.kind.rawValue) \($0.state.rawValue): \($0.message)" }
    }

    @Test func aPassInSyncTellsNothing() {
        var watch = NotificationWatch()
        #expect(watch.messages(Reports.pass()) == [])
        let applied = Reports.change(Reports.peer("phone"))
        #expect(watch.messages(Reports.pass([(applied, .done)])) == [])
    }

    @Test("drift is told once, and that it is over, with the time since when")
    func drift() throws {
        var watch = NotificationWatch()
        let change = Reports.change(
            Reports.peer("phone"), .drift, fields: [FieldChange("allowed_ips", before: nil, after: "10.8.0.2/32")])
        let drifted = { seconds in Reports.pass([(change, .held(because: "drift: report"))], at: seconds) }
        let first = watch.messages(drifted(0))
        #expect(
            told(first) == [
                "drift found: Peer wg0/phone differs from what was applied: allowed_ips is absent instead of 10.8.0.2/32"
            ])
        #expect(watch.messages(drifted(30)) == [])
        let over = try #require(watch.messages(Reports.pass(at: 60)).first)
        #expect(over.state == .resolved)
        #expect(over.fingerprint == first.first?.fingerprint)
        #expect((over.since, over.at) == (Reports.now, Reports.now.advanced(bySeconds: 60)))
        #expect(watch.messages(Reports.pass(at: 90)) == [])
    }

    @Test func healedDriftIsOneMessage() {
        var watch = NotificationWatch()
        let change = Reports.change(ObjectID(.firewall, "wirebuddy"), .drift)
        let healed = Reports.pass([(change, .done)])
        #expect(told(watch.messages(healed)).map { $0.prefix(13) } == ["drift healed:"])
        #expect(watch.messages(Reports.pass()) == [])
        #expect(told(watch.messages(healed)).count == 1)
    }

    @Test("drift that is put right later is over, not healed anew")
    func healedLater() {
        var watch = NotificationWatch()
        let change = Reports.change(Reports.peer("phone"), .drift)
        _ = watch.messages(Reports.pass([(change, .held(because: "suspended"))]))
        #expect(watch.messages(Reports.pass([(change, .done)])).map(\.state) == [.resolved])
    }

    @Test func aFailureStandsWhileItWaitsForItsRetry() {
        var watch = NotificationWatch()
        let object = ObjectID(.interface, "wg0")
        let failed = Outcome.failed(message: "no such device\nload the module", isTerminal: false)
        let first = watch.messages(Reports.pass([(Reports.change(object), failed)]))
        #expect(told(first) == ["pass-failed found: Interface wg0: no such device"])
        #expect(first.first?.details == ["load the module"])
        let waiting = Reports.pass([(Reports.change(object), .held(because: "waits"))], at: 5) {
            $0.failing = [object: FailingObject(message: "no such device", isTerminal: false)]
        }
        #expect(watch.messages(waiting) == [])
        #expect(
            told(watch.messages(Reports.pass(at: 9))) == ["pass-failed resolved: over: Interface wg0: no such device"])
    }

    @Test("a revocation that is not done is told as that, whatever else failed")
    func revocation() {
        var watch = NotificationWatch()
        let change = Reports.change(Reports.peer("phone"), .revoked)
        let failed = Reports.pass([(change, .failed(message: "the kernel says no", isTerminal: false))])
        #expect(
            told(watch.messages(failed)) == [
                "revocation-failed found: Peer wg0/phone was revoked and still has access: the kernel says no"
            ])
        let there = Reports.pass([(change, .done)], at: 1) { $0.remaining = [change] }
        #expect(watch.messages(there) == [])
        #expect(watch.messages(Reports.pass(at: 2)).map(\.state) == [.resolved])
    }

    @Test("a revision that is invalid or refused; the next one is another matter")
    func revisions() {
        var watch = NotificationWatch()
        let invalid = { (id: String) in
            Reports.pass { $0.revisionFailure = .invalid(revision: id, problems: ["wg0.yaml:1:1: error"]) }
        }
        let first = watch.messages(invalid("aaaaaaaaaaaaaaaa"))
        #expect(told(first) == ["revision-failed found: revision aaaaaaaaaaaa is not valid"])
        #expect(first.first?.details == ["wg0.yaml:1:1: error"])
        #expect(watch.messages(invalid("aaaaaaaaaaaaaaaa")) == [])
        #expect(watch.messages(invalid("bbbbbbbbbbbbbbbb")).map(\.state) == [.resolved, .found])
        let refused = Reports.pass {
            $0.plan.refusals = [RailRefusal(rail: "max-deletes", message: "30 of 40 peers", digest: "d", changes: [])]
        }
        #expect(watch.messages(refused).map(\.state) == [.resolved, .found])
        #expect(watch.messages(Reports.pass()).map(\.state) == [.resolved])
    }

    @Test("many at once are one message, and their end is one too")
    func many() throws {
        var watch = NotificationWatch()
        let changes = (0..<200).map { Reports.change(Reports.peer("p\($0)"), .drift) }
        let drifted = Reports.pass(changes.map { ($0, .held(because: "drift: report")) })
        let message = try #require(watch.messages(drifted).first)
        #expect(message.message == "200 objects: they differ from what was applied")
        #expect(message.details.count == 21)
        #expect(message.details.last == "and 180 more")
        #expect(watch.messages(drifted) == [])
        let fewer = Reports.pass(changes.prefix(195).map { ($0, .held(because: "drift: report")) })
        #expect(watch.messages(fewer).map(\.state) == Array(repeating: .resolved, count: 5))
        #expect(
            watch.messages(Reports.pass()).map(\.message) == ["over: 195 objects: they differ from what was applied"])
    }

    @Test func previewsAndTeardownsTellNothing() {
        var watch = NotificationWatch()
        let change = Reports.change(Reports.peer("phone"), .drift)
        let results: [(Change, Outcome)] = [(change, .held(because: ""))]
        #expect(watch.messages(Reports.pass(results) { $0.isPreview = true }) == [])
        #expect(watch.messages(Reports.pass(results) { $0.isTeardown = true }) == [])
    }
}
