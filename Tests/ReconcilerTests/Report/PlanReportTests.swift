import Model
import Testing

@testable import Reconciler

@Suite("Plan reports")
struct PlanReportTests {
    @Test("revocations come first, then changes, then drift, each with fields, impact and sessions")
    func mixedText() throws {
        try Golden.expect(PlanText(SamplePlan.mixed).render(), equals: "mixed.txt")
    }

    @Test("colours are only a style: without its escapes the text is the same")
    func colour() throws {
        let coloured = PlanText(SamplePlan.mixed, style: .ansi).render()
        #expect(coloured.contains("\u{1B}[32m+ Interface wg1\u{1B}[0m"))
        #expect(coloured.replacing(/\u{1B}\[\d*m/, with: "") == PlanText(SamplePlan.mixed).render())
    }

    @Test("what a foreign name holds can't drive the terminal")
    func escapes() {
        #expect(!PlanText(SamplePlan.mixed).render().unicodeScalars.contains("\u{1B}"))
        #expect(TerminalText.escaped("a\nb\u{202E}c") == "a\\u{a}b\\u{202e}c")
    }

    @Test("a large list is capped and counted, unless everything is asked for")
    func large() throws {
        let text = PlanText(SamplePlan.large).render()
        #expect(text.contains("… and 9,980 more peers to create (--all shows them)"))
        #expect(text.split(separator: "\n").count < 50)
        let all = PlanText(SamplePlan.large, limit: nil).render()
        #expect(all.contains("wg0/p9999") && !all.contains("more peers"))
    }

    @Test("a DNS rule reads as a sentence, and JSON names its kind as documents do")
    func dnsRules() {
        let plan = SamplePlan.plan(
            [SamplePlan.change(.dnsRule, "block ad.example.com for johns-iphone", .create, .desiredChanged)]
                + (0..<30).map { SamplePlan.change(.dnsRule, "||x\($0)^\u{1B}[2J", .delete, .prune) })
        let text = PlanText(plan).render()
        #expect(text.contains("\n  + rule block ad.example.com for johns-iphone\n"))
        #expect(text.contains("  - rule ||x0^\\u{1b}[2J  (no longer declared)\n"))
        #expect(text.contains("… and 10 more DNS rules to delete (--all shows them)"))
        let change = PlanJSON.json(plan.changes[0])
        #expect(change["kind"] == .string("DNSRule"))
        #expect(change["name"] == .string("block ad.example.com for johns-iphone"))
    }

    @Test("drift is reported apart")
    func drift() throws {
        try Golden.expect(PlanText(SamplePlan.mixed).renderDrift(), equals: "drift.txt")
        try Golden.expect(PlanText(SamplePlan.plan([])).renderDrift(), equals: "no-drift.txt")
    }

    @Test("nothing to do is one line")
    func empty() {
        #expect(PlanText(SamplePlan.plan([])).render() == "in sync: nothing to change\n")
    }

    @Test("the command that approves a rail carries the options of this one")
    func approveCommand() {
        let text = PlanText(SamplePlan.mixed, applyCommand: "wirebuddy apply --config /srv/gw").render()
        #expect(text.contains("wirebuddy apply --config /srv/gw --approve 99aabbccddee"))
    }

    @Test("long lists of a field show what comes and goes")
    func longLists() {
        let before = (0..<40).map { "10.0.\($0).0/24" }
        let after = before.dropFirst(2) + ["10.1.0.0/24"]
        let change = SamplePlan.change(
            .peer, "wg0/site", .update, .desiredChanged,
            [
                FieldChange(
                    "allowed_ips", before: before.joined(separator: ", "), after: after.joined(separator: ", "))
            ])
        #expect(
            ChangeText(change, style: .plain).lines.last
                == "      allowed_ips: - 10.0.0.0/24, 10.0.1.0/24; + 10.1.0.0/24 (40 → 39)")
    }

    @Test("sessions that an interface and its peers share count once")
    func summary() {
        let summary = PlanSummary([
            SamplePlan.change(.interface, "wg0", .update, .keyRotation, impact: .reimport, live: 5),
            SamplePlan.change(.peer, "wg0/a", .update, .desiredChanged, impact: .newHandshake, live: 1),
            SamplePlan.change(.peer, "wg1/b", .delete, .revoked, impact: .sessionLoss, live: 1),
        ])
        #expect(summary.liveSessions == 6)
        #expect(summary.impact == .reimport)
        #expect(summary.revocations == 1)
    }

    @Test("JSON text escapes what JSON wants escaped")
    func jsonEscapes() {
        let bytes = JSONValue.string("a\"\\\n\u{1}\u{7F}é").document()
        #expect(String(decoding: bytes, as: UTF8.self) == "\"a\\\"\\\\\\n\\u0001\\u007fé\"\n")
    }
}
