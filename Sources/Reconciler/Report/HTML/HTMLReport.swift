import Model

/// A plan or the drift of a host as one HTML file: to be mailed, kept, printed, or read on a phone.
public struct HTMLReport: Sendable {
    /// What the report is about.
    public enum Subject: Sendable, Hashable {
        /// Everything that a pass would change.
        case plan
        /// Only what differs from what was applied.
        case drift
    }

    /// The objects of a kind of report that are shown before the rest is only counted.
    public static let limit = 2_000

    let report: PassReport
    let subject: Subject
    let gateway: String
    /// What is known of drift: of what stands in any case, of what ended for ``showsHistory``.
    let history: DriftHistory?
    let showsHistory: Bool

    /// A report.
    ///
    /// - Parameters:
    ///   - gateway: the name of the host.
    ///   - history: since when drift stands and who may have caused it, where that is known.
    ///   - showsHistory: whether the whole `history` is shown too.
    public init(
        _ report: PassReport, _ subject: Subject, gateway: String, history: DriftHistory? = nil,
        showsHistory: Bool = false
    ) {
        self.report = report
        self.subject = subject
        self.gateway = gateway
        self.history = history
        self.showsHistory = showsHistory
    }

    /// The document.
    public func render() -> String {
        var body = verdict + tiles
        body += HTMLPiece.section("Refused", refusals) + HTMLPiece.section("Not planned", problems)
        body += HTMLPiece.section(subject == .plan ? "Changes" : "Drift", changes)
        if showsHistory, let history { body += HTMLDriftHistory(history).sections }
        body += HTMLPiece.section("Notes", notes)
        return HTMLPage(title: title, lines: circumstances, body: body).render()
    }

    private var shown: [Change] { subject == .plan ? report.plan.changes : report.plan.drift }
    private var refused: [RailRefusal] {
        subject == .plan ? report.plan.refusals + [report.clockRefusal].compactMap(\.self) : []
    }

    private var title: String { "\(subject == .plan ? "Plan" : "Drift") of \(gateway)" }

    private var circumstances: [String] {
        let plan = subject == .plan ? ", plan \(report.plan.id)" : ""
        var lines = ["\(report.startedAt)\(plan)", "revision \(report.plan.revision)"]
        switch report.revisionFailure {
        case .unreadable(let why): lines.append("the repository can't be read: \(why)")
        case .invalid(let revision, let problems):
            lines.append("revision \(revision) is invalid: \(problems.prefix(20).joined(separator: "; "))")
        case nil: break
        }
        if let suspension = report.suspension {
            lines.append("suspended\(suspension.until.map { " until \($0)" } ?? ""): \(suspension.reason)")
        }
        if subject == .plan, let sentence = report.windowSentence { lines.append(sentence) }
        return lines
    }

    private var verdict: String {
        let (words, role): (String, String) =
            if !refused.isEmpty {
                ("Refused: nothing but revocations is applied until it is approved or changed.", "verdict bad")
            } else if report.revisionFailure != nil {
                ("The revision can't be used; the last good one stays in force.", "verdict bad")
            } else if !report.plan.problems.isEmpty {
                ("Not everything can be planned now.", "verdict warn")
            } else if shown.isEmpty {
                (
                    subject == .plan ? "In sync: nothing to change." : "No drift: the host is as it was applied.",
                    "verdict"
                )
            } else {
                (
                    "\(PlanSummary(shown).text(countsDrift: subject == .plan) ?? "Nothing to change")"
                        + (subject == .plan ? "." : ", to be as it was applied."), "verdict warn"
                )
            }
        return HTMLPiece.paragraph(words, role)
    }

    private var tiles: String {
        let summary = PlanSummary(shown)
        var tiles = [
            HTMLPiece.tile(summary.create, "to create", "good"), HTMLPiece.tile(summary.update, "to change", "warning"),
            HTMLPiece.tile(summary.delete, "to delete", "failure"),
        ]
        if summary.adopt > 0 { tiles.append(HTMLPiece.tile(summary.adopt, "to adopt", "adopted")) }
        if subject == .plan {
            tiles += [
                HTMLPiece.tile(refused.count, "refused", "failure"),
                HTMLPiece.tile(summary.drift, "of it drift", "warning"),
                HTMLPiece.tile(summary.liveSessions, "live sessions", "warning"),
            ]
        } else if showsHistory, let history {
            tiles += HTMLDriftHistory(history).tiles
        }
        return HTMLPiece.tiles(tiles)
    }

    private var refusals: String {
        refused.map { refusal in
            HTMLPiece.card(
                "bad",
                HTMLPiece.paragraph("\(refusal.rail): \(refusal.message)")
                    + "<p class=\"faint\">to approve it: <code>--approve \(HTMLText.escaped(refusal.digest))</code></p>\n"
            )
        }.joined()
    }

    private var problems: String {
        report.plan.problems.map { HTMLPiece.card("warn", HTMLPiece.paragraph("\($0.object): \($0.message)")) }.joined()
    }

    private var notes: String {
        let notes = report.plan.notes.prefix(Self.limit).map { HTMLPiece.paragraph("\($0.object): \($0.message)") }
        return notes.joined() + hidden(report.plan.notes.count, "note", "notes")
    }

    private var changes: String {
        let isFew = shown.count <= 5
        let held = Set(refused.flatMap(\.changes))
        let standing = Dictionary(
            (history?.records ?? []).filter { $0.healedAt == nil }.map { ($0.object, $0) },
            uniquingKeysWith: { a, _ in a })
        let all = report.plan.changes.indices.filter { subject == .plan || report.plan.changes[$0].reason == .drift }
        // What is refused comes first, then what can't be taken back.
        let order = all.sorted { a, b in
            let (x, y) = (rank(a, held), rank(b, held))
            return x != y ? x < y : a < b
        }
        return order.prefix(Self.limit).map { index in
            let change = report.plan.changes[index]
            let record = change.reason == .drift ? standing[change.object] : nil
            return HTMLChange(change, isRefused: held.contains(index) && subject == .plan, record: record)
                .render(isOpen: isFew)
        }.joined() + hidden(all.count, "object", "objects")
    }

    private func rank(_ index: Int, _ held: Set<Int>) -> Int {
        if held.contains(index) { return 0 }
        let change = report.plan.changes[index]
        return change.action == .delete || change.impact >= .sessionLoss ? 1 : 2
    }

    private func hidden(_ count: Int, _ singular: String, _ plural: String) -> String {
        guard count > Self.limit else { return "" }
        return HTMLPiece.paragraph(
            "and \(Counting.counted(count - Self.limit, "more \(singular)", "more \(plural)")); the JSON has them all",
            "faint")
    }
}
