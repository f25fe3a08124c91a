import Model
import Testing

@testable import Reconciler

@Suite("HTML reports")
struct HTMLReportTests {
    private static let hostile = "</summary><script>alert(1)</script>\" onclick='x' &amp; \u{202E}gp\u{1B}[2J"

    private func report(_ plan: Plan) -> PassReport {
        PassReport(
            pass: "8c1f03aa", trigger: "plan", isPreview: true, startedAt: Timestamp(seconds: 1_790_000_000),
            plan: plan,
            outcomes: plan.changes.map { _ in .planned }, remaining: [],
            observed: ObservedState(
                takenAt: Timestamp(seconds: 1_790_000_000), host: HostIdentity(bootID: "b", namespace: 1)))
    }

    /// Everything that people or other programs can write, in every place of a report.
    private var everythingHostile: HTMLReport {
        let text = Self.hostile
        let change = SamplePlan.change(.peer, text, .update, .drift, [FieldChange(text, before: text, after: text)])
        var plan = SamplePlan.plan(
            [change], refusals: [RailRefusal(rail: text, message: text, digest: text, changes: [0])],
            problems: [PlanProblem(kind: .error, object: ObjectID(.peer, text), message: text)],
            notes: [PlanNote(object: ObjectID(.user, text), message: text)])
        plan.revision = text
        var report = report(plan)
        report.revisionFailure = .invalid(revision: text, problems: [text])
        report.suspension = Suspension(reason: text, until: nil)
        let record = DriftRecord(
            object: ObjectID(.peer, text), peer: text, action: .update,
            fields: [FieldChange(text, before: text, after: nil)], fingerprint: text, firstSeen: report.startedAt,
            lastSeen: report.startedAt, count: 2, pass: text, writer: LikelyWriter(name: text, evidence: text))
        return HTMLReport(
            report, .plan, gateway: text, history: DriftHistory(records: [record], total: 3), showsHistory: true)
    }

    @Test("no text becomes markup")
    func escapes() {
        let page = everythingHostile.render()
        #expect(!page.contains("<script") && !page.contains("onclick='") && !page.contains("\" onclick"))
        #expect(!page.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
        let escaped =
            "&lt;/summary&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onclick=&#39;x&#39; &amp;amp; \\u{202e}gp\\u{1b}[2J"
        #expect(page.count(of: escaped) > 20)
        // Every tag that is there is one of ours.
        let tags = Set(page.matches(of: /<\/?([a-z0-9]+)/).map { String($0.output.1) })
        #expect(
            tags.isSubset(of: [
                "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "div", "b", "span",
                "section",
                "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "code", "footer",
            ]))
    }

    @Test("the file needs nothing else, and lets nothing else in")
    func selfContained() {
        let page = HTMLReport(report(SamplePlan.mixed), .plan, gateway: "gw1").render()
        #expect(page.contains("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"))
        for word in ["http://", "https://", "url(", "@import", "<link", "<img", "src=", "href="] {
            #expect(!page.contains(word), "\(word)")
        }
    }

    @Test("refusals stand before everything, then what is refused, then what can't be taken back")
    func order() throws {
        let page = HTMLReport(report(SamplePlan.mixed), .plan, gateway: "gw1").render()
        let places = try [
            "Plan of gw1", "to create", "max-deletes", "Not planned", "wg0/carol", "wg0/bob", "wg0/alice",
        ]
        .map { word in try #require(page.firstRange(of: word)?.lowerBound, "\(word)") }
        #expect(places == places.sorted())
        #expect(page.contains("<td>allowed_ips</td><td>10.8.0.2/32</td><td>10.8.0.2/32, 192.168.50.0/24</td>"))
    }

    @Test("of drift only drift is shown, with what the history knows of it")
    func drift() {
        let object = ObjectID(.sysctl, "net.ipv4.ip_forward")
        let now = Timestamp(seconds: 1_789_000_000)
        var healed = DriftRecord(
            object: ObjectID(.interface, "wg9"), peer: nil, action: .update, fields: [], fingerprint: "a",
            firstSeen: now,
            lastSeen: now, count: 3, pass: "p")
        (healed.healedAt, healed.healing) = (now, .elsewhere)
        let standing = DriftRecord(
            object: object, peer: nil, action: .update, fields: [], fingerprint: "b", firstSeen: now, lastSeen: now,
            count: 1, pass: "p", writer: LikelyWriter(name: "ufw", evidence: "its file"))
        let history = DriftHistory(records: [standing, healed], total: 2)
        let page = HTMLReport(report(SamplePlan.mixed), .drift, gateway: "gw1", history: history).render()
        #expect(page.contains("Drift of gw1") && !page.contains("wg0/carol") && !page.contains("max-deletes"))
        #expect(page.contains("probably ufw: its file") && page.contains("\(now)") && !page.contains("wg9"))
        let whole = HTMLReport(
            report(SamplePlan.mixed), .drift, gateway: "gw1", history: history, showsHistory: true
        ).render()
        #expect(whole.contains("wg9") && whole.contains("3 times, gone without us \(now)"))
        let quiet = HTMLReport(report(SamplePlan.plan([])), .drift, gateway: "gw1", history: nil).render()
        #expect(quiet.contains("No drift: the host is as it was applied."))
    }

    @Test("a large plan stays a file that a phone opens")
    func large() {
        let page = HTMLReport(report(SamplePlan.large), .plan, gateway: "gw1").render()
        #expect(page.utf8.count < 3_000_000)
        #expect(page.contains("and 8,000 more objects; the JSON has them all"))
    }
}

extension String {
    /// How often a text stands in it.
    fileprivate func count(of text: String) -> Int { ranges(of: text).count }
}
