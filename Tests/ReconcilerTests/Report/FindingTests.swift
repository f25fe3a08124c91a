import Credentials
import Model
import Testing

@testable import Reconciler

@Suite("Findings and the formats made of them")
struct FindingTests {
    /// Text that tries to leave every format.
    private static let hostile = "x|``` @anna #1 <b>&\u{1B}[31m\n::error::y%0A*/-->]]> [a](http://b) \u{202E}\"'"

    private static func report(_ plan: Plan = SamplePlan.mixed) -> PassReport {
        var report = PassReportTests.report(plan, [])
        report.locations = [
            ObjectID(.interface, "wg0"): SourceLocation(path: "interfaces/wg0.yaml", line: 1, column: 1),
            ObjectID(.peer, "wg0/alice"): SourceLocation(path: "peers/all, of us: 1%.yaml", line: 12, column: 3),
        ]
        return report
    }

    private static func document(
        _ report: PassReport, _ view: PassFindings.View = .plan, prefix: String = ""
    ) -> PassDocument {
        PassDocument(report, view, version: "1.2.3", digest: BLAKE2b256(), prefix: prefix)
    }

    private static func text(_ document: PassDocument, _ format: ReportFormat) -> String {
        String(decoding: document.bytes(format, text: PassText(document.report)), as: UTF8.self)
    }

    private static func hostileReport() -> PassReport {
        report(
            SamplePlan.plan(
                [
                    SamplePlan.change(
                        .peer, "wg0/\(hostile)", .delete, .prune, [FieldChange("name", before: hostile, after: nil)],
                        impact: .sessionLoss),
                    SamplePlan.change(
                        .peer, "wg0/\(hostile)2", .update, .drift, [FieldChange("name", before: nil, after: hostile)]),
                ],
                refusals: [RailRefusal(rail: "max-deletes", message: hostile, digest: "99aabbccddee", changes: [0])],
                problems: [PlanProblem(kind: .error, object: ObjectID(.interface, hostile), message: hostile)],
                notes: [PlanNote(object: ObjectID(.user, hostile), message: hostile)]))
    }

    @Test("every format of a plan and of drift is as a person has read it", arguments: ["plan", "drift"])
    func goldens(_ name: String) throws {
        let document = Self.document(Self.report(), name == "plan" ? .plan : .drift)
        for (format, ending) in [
            (ReportFormat.sarif, "sarif"), (.junit, "junit.xml"), (.github, "github.txt"), (.markdown, "md"),
        ] {
            try Golden.expect(Self.text(document, format), equals: "findings-\(name).\(ending)")
        }
    }

    @Test("a fingerprint says what was found, not where, when or in which revision")
    func fingerprints() throws {
        let first = Self.document(Self.report()).findings
        var later = Self.report()
        later.startedAt = later.startedAt.advanced(bySeconds: 86_400)
        later.plan.revision = "another"
        later.plan.id = "ffffffffffff"
        for (object, place) in later.locations {
            later.locations[object] = SourceLocation(path: place.path, line: place.line + 40, column: 9)
        }
        later.revision?.warnings = ["peers/a.yaml:300:1: warning[expired]: expires_at is in the past"]
        // The numbers of masks follow what else is in the plan.
        later.plan.changes[3].fields[1].after = "<secret #9>"
        var before = Self.report()
        before.plan.changes[3].fields[1].after = "<secret #1>"
        let second = Self.document(later).findings
        #expect(Self.document(before).findings.map(\.fingerprint) == second.map(\.fingerprint))
        #expect(first.count == second.count && Set(first.map(\.fingerprint)).count == first.count)
        #expect(first.allSatisfy { $0.fingerprint.wholeMatch(of: /[0-9a-f]{16}/) != nil })

        var other = Self.report()
        other.plan.changes[5].fields[0].after = "10.8.0.9/24"
        let changed = zip(first, Self.document(other).findings).filter { $0.fingerprint != $1.fingerprint }
        #expect(changed.map(\.0.object) == [ObjectID(.interface, "wg0")])
    }

    @Test("positions inside of messages don't count, equal findings are told apart")
    func positions() {
        var list = FindingList(digest: BLAKE2b256(), now: Timestamp(seconds: 0))
        for line in [3, 4] {
            list.add(
                DeclaredProblem(
                    rendered: "a.yaml:\(line):1: error[duplicate-identity]: also at b.yaml:\(line):7\n    remove it"))
        }
        var moved = FindingList(digest: BLAKE2b256(), now: Timestamp(seconds: 0))
        moved.add(DeclaredProblem(rendered: "a.yaml:90:1: error[duplicate-identity]: also at b.yaml:70:7"))
        #expect(list.findings[0].fingerprint == moved.findings[0].fingerprint)
        #expect(list.findings[0].fingerprint != list.findings[1].fingerprint)
        #expect(list.findings[1].location == SourceLocation(path: "a.yaml", line: 4, column: 1))
        #expect(list.findings[0].suggestion == "remove it")
        #expect(DeclaredProblem(rendered: "no such directory").location == nil)
    }

    @Test("acknowledged drift does not count, until it ends; nothing else can be acknowledged")
    func acknowledgements() throws {
        var report = Self.report(SamplePlan.plan([SamplePlan.mixed.changes[5]]))
        let found = Self.document(report, .drift)
        #expect(found.exitCode == .changes)
        let drift = try #require(found.findings.first { $0.change != nil })
        func known(_ fingerprint: String, for seconds: Int64) -> Acknowledgement {
            Acknowledgement(
                name: "a", fingerprint: fingerprint, reason: "until the move",
                expires: report.startedAt
                    .advanced(bySeconds: seconds), location: SourceLocation(path: "a.yaml", line: 1, column: 1))
        }
        report.acknowledgements = [known(drift.fingerprint, for: 0)]
        #expect(Self.document(report, .drift).exitCode == .changes)
        report.acknowledgements.append(known(drift.fingerprint, for: 60))
        let acknowledged = Self.document(report, .drift)
        #expect(acknowledged.exitCode == .success)
        // It is healed by apply all the same, which plan says.
        #expect(Self.document(report, .plan).exitCode == .changes)
        #expect(Self.text(acknowledged, .sarif).contains("\"suppressions\""))
        #expect(Self.text(acknowledged, .junit).contains("<skipped message=\"acknowledged until"))
        #expect(Self.text(acknowledged, .github).contains("\n::notice file=interfaces/wg0.yaml"))
        #expect(Self.text(acknowledged, .markdown).contains("#### Acknowledged (1)"))
        #expect(Self.text(acknowledged, .text).contains("acknowledged until"))

        var mixed = Self.report()
        mixed.acknowledgements = Self.document(mixed).findings.map { known($0.fingerprint, for: 60) }
        let rest = Self.document(mixed)
        #expect(rest.findings.filter { $0.level == .error }.allSatisfy { $0.acknowledgement == nil })
        #expect(rest.findings.filter { $0.acknowledgement != nil }.allSatisfy { $0.level == .warning })
        #expect(rest.exitCode == mixed.exitCode)
    }

    @Test("no text leaves its place in Markdown")
    func markdown() throws {
        let text = Self.text(Self.document(Self.hostileReport()), .markdown)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == "<!-- wirebuddy plan -->")
        // What stands outside of code, by the rules of CommonMark for fences and code spans.
        var fence: Substring?
        var outside = ""
        for line in lines.dropFirst() {
            let run = line.prefix { $0 == "`" }
            if let open = fence {
                if run.count >= open.count, line.dropFirst(run.count).allSatisfy({ $0 == " " }) { fence = nil }
            } else if run.count >= 3 {
                fence = run
            } else {
                outside += Self.withoutSpans(line) + "\n"
            }
        }
        #expect(fence == nil)
        for piece in ["@", "<", "[", "|", "::", "\u{1B}", "\u{202E}", "http"] {
            #expect(!outside.contains(piece), "\(piece) in \(outside)")
        }
        #expect(outside.contains("#### Refused (1)"))
    }

    /// The line without its code spans: a span ends at the next run of as many backticks as begin it.
    private static func withoutSpans(_ line: Substring) -> String {
        var result = ""
        var rest = line
        while let start = rest.firstIndex(of: "`") {
            let fence = rest[start...].prefix { $0 == "`" }
            result += rest[..<start]
            rest = rest[fence.endIndex...]
            var end: Substring?
            var look = rest
            while let next = look.firstIndex(of: "`") {
                let run = look[next...].prefix { $0 == "`" }
                look = look[run.endIndex...]
                if run.count == fence.count {
                    end = look
                    break
                }
            }
            if let end { rest = end } else { result += fence }
        }
        return result + rest
    }

    @Test("a comment has a limit; what goes comes first and what has no room is counted")
    func markdownLimit() throws {
        var plan = SamplePlan.large
        plan.changes.append(SamplePlan.change(.peer, "wg0/zoe", .delete, .prune, impact: .sessionLoss))
        plan.refusals = [
            RailRefusal(rail: "max-deletes", message: "too many", digest: "99aabbccddee", changes: [10_000])
        ]
        let text = Self.text(Self.document(Self.report(plan)), .markdown)
        #expect(text.utf8.count <= 60_000)
        #expect(text.utf8.count > 50_000)
        let refused = try #require(text.firstRange(of: "rail/max-deletes"))
        let gone = try #require(text.firstRange(of: "- Peer wg0/zoe"))
        let created = try #require(text.firstRange(of: "+ Peer wg0/p0"))
        #expect(refused.lowerBound < gone.lowerBound && gone.lowerBound < created.lowerBound)
        let shown = text.split(separator: "\n").count { $0.hasPrefix("+ Peer wg0/p") }
        #expect(text.contains("… and \(Counting.grouped(10_000 - shown)) more without room here"))
        #expect(text.contains("exit code 11"))
    }

    @Test("no text leaves its line or its property in workflow commands")
    func github() throws {
        let text = Self.text(Self.document(Self.hostileReport()), .github)
        let lines = text.split(separator: "\n")
        for line in lines.dropLast() {
            #expect(line.wholeMatch(of: /::(error|warning|notice) [^:]*::[^\r\n]*/) != nil, "\(line)")
        }
        #expect(lines.last?.hasPrefix("wirebuddy plan: ") == true)
        let place = Self.text(Self.document(Self.report(), prefix: "gateway/"), .github)
        #expect(place.contains("file=gateway/peers/all%2C of us%3A 1%25.yaml,line=12,col=3,title="))
        #expect(WorkflowCommands.escaped("100%\r\n") == "100%25%0D%0A")
    }

    @Test("paths are relative references in SARIF, messages have no links")
    func sarif() {
        #expect(SARIFReport.uri("peers/all, of us: 1%.yaml") == "peers/all%2C%20of%20us%3A%201%25.yaml")
        let text = Self.text(Self.document(Self.hostileReport()), .sarif)
        #expect(text.contains("\\\\[a\\\\](http://b)"))
    }

    @Test("XML holds no character that XML forbids")
    func xml() {
        #expect(XMLText.escaped("a\u{0}<\"&>\u{FFFF}\n\t") == "a\\u{0}&lt;&quot;&amp;&gt;\\u{ffff}&#10;\\u{9}")
    }

    @Test("objects are found where they are declared; what follows from an interface, at the interface")
    func places() {
        var interface = Sample.interface()
        interface.location = SourceLocation(path: "wg0.yaml", line: 3, column: 1)
        let peer = Sample.peer(1) { $0.name = "alice" }
        let places = DeclaredPlaces(Catalog(interfaces: [interface], peers: [peer]))
        let undeclared = ObjectID(.peer, "wg0/\(Sample.key(9))")
        let route = ObjectID(.route, "10.9.0.0/24 dev wg0 table 254")
        let declared = ObjectID(.peer, "wg0/alice")
        let found = places.locations(of: [declared, undeclared, route, ObjectID(.interface, "wg9")])
        #expect(found[declared] == peer.location)
        #expect(found[undeclared] == interface.location && found[route] == interface.location)
        #expect(found.count == 3)
    }

    @Test("every rule says what it means")
    func rules() {
        for finding in Self.document(Self.report()).findings {
            let rule = FindingRule(finding.rule)
            #expect(!rule.title.isEmpty && rule.help.hasPrefix(rule.explanation))
        }
    }
}
