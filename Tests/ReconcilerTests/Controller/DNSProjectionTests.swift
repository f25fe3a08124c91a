import Credentials
import Model
import Synchronization
import Testing

@testable import Reconciler

/// The DNS policy: planned, written as rows and healed there like everything else.
@Suite struct DNSProjectionTests {
    let gateway = FakeGateway(Self.catalog())

    static func rule(
        _ action: DNSRule.Action, _ domain: String, line: Int = 1, _ change: (inout DNSRule) -> Void = { _ in }
    ) -> DNSRule {
        var rule = DNSRule(
            action: action, domain: domain, location: SourceLocation(path: "dns/rules.yaml", line: line, column: 3))
        change(&rule)
        return rule
    }

    static func line(_ text: String, at line: Int = 1) -> DNSFilterLine {
        DNSFilterLine(text: text, location: SourceLocation(path: "dns/rules.yaml", line: line, column: 5))
    }

    static let forwarder: DNSSettings = {
        var settings = DNSSettings(location: Sample.place)
        settings.upstreams = [DNSUpstream("9.9.9.9@853#dns.quad9.net")].compactMap(\.self)
        return settings
    }()

    static let rules = [
        rule(.block, "ad.example.com") { $0.client = .peer(name: "johns-iphone", interface: nil) },
        rule(.allow, "=cdn.example.com", line: 2) { $0.comment = "the shop needs it" },
        rule(.rewrite, "nas.example.com", line: 3) { $0.answer = DNSAnswer("10.8.0.7") },
    ]

    static let lists = ["ads", "malware"].map {
        Blocklist(name: $0, source: .file("lists/\($0).txt"), format: .hosts, location: Sample.place)
    }

    static func catalog(
        _ rules: [DNSRule] = rules, lines: [DNSFilterLine] = [line("||tracker.example^", at: 9)],
        dns: DNSSettings? = forwarder, lists: [Blocklist] = lists, _ change: (inout Settings) -> Void = { _ in }
    ) -> Catalog {
        var settings = Settings()
        change(&settings)
        return Catalog(
            interfaces: [Sample.interface()], peers: [Sample.peer(1)], settings: settings, dns: dns, blocklists: lists,
            dnsRules: rules, dnsFilterLines: lines)
    }

    private func texts(_ report: PassReport) -> [String] {
        report.plan.changes.map { "\($0.action.rawValue) \($0.object)" }
    }

    @Test func thePolicyIsProjectedAndTheSecondPassHasNothingToDo() async throws {
        let controller = gateway.start()
        let first = try await controller.pass(.apply)
        #expect(first.exitCode == .success)
        let created = first.plan.changes.filter { [.dnsSettings, .blocklist, .dnsRule].contains($0.object.kind) }
        #expect(
            created.map(\.object.description) == [
                "DNSSettings forwarder", "Blocklist ads", "Blocklist malware", "rule allow =cdn.example.com",
                "rule block ad.example.com for johns-iphone", "rule rewrite nas.example.com to 10.8.0.7",
                "rule ||tracker.example^",
            ])
        #expect(created.allSatisfy { $0.action == .create && $0.reason == .desiredChanged && $0.impact == .none })
        #expect(gateway.rows.writes == ["dns"], "one transaction")
        #expect(gateway.rows.rows.dns.rules.count == 4 && gateway.rows.rows.dns.blocklists.count == 2)
        #expect(gateway.rows.rows.dns.settings["upstreams"] == "9.9.9.9@853#dns.quad9.net")
        #expect(controller.view?.dns == gateway.rows.rows.dns)
        #expect(gateway.inventory.current.applied.keys.contains(.dnsForwarder))

        let writes = gateway.inventory.writes.count
        for options in [PassOptions.apply, .loop, .loop] {
            let next = try await controller.pass(options)
            #expect(next.plan.changes.isEmpty && next.writes == 0)
        }
        #expect(gateway.inventory.writes.count == writes && gateway.rows.writes == ["dns"])
        // A new process finds the same.
        #expect(try await gateway.start().preview(.apply).plan.changes.isEmpty)
    }

    @Test func withoutAnyOfItNothingIsWritten() async throws {
        gateway.revisions.set(Self.catalog([], lines: [], dns: nil, lists: []), id: "r2")
        #expect(try await gateway.start().pass(.apply).exitCode == .success)
        #expect(gateway.rows.writes == [] && gateway.rows.rows.dns == ProjectedDNS())
    }

    @Test func whereARuleStandsIsNoDifference() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let moved = Self.rules.enumerated().map { number, rule in
            var rule = rule
            rule.location = SourceLocation(path: "other.yaml", line: 100 - number, column: 1)
            return rule
        }
        var spelled = moved[2]
        spelled.domain = "NAS.Example.com."
        let lines = [Self.line("||tracker.example^", at: 1), Self.line("||tracker.example^", at: 70)]
        gateway.revisions.set(Self.catalog([moved[1], spelled, moved[0]], lines: lines), id: "r2")
        let report = try await controller.pass(.loop)
        #expect(report.plan.changes.isEmpty && report.inForce == "r2" && gateway.rows.writes == ["dns"])
    }

    @Test func whatChangesIsShownAndWritten() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        var settings = Self.forwarder
        settings.blocking.mode = .nxdomain
        var disabled = Self.lists[1]
        disabled.enabled = false
        let expiring = Self.rule(.allow, "=cdn.example.com") { $0.expiresAt = Timestamp(seconds: 1_900_000_000) }
        gateway.revisions.set(
            Self.catalog(
                [Self.rules[0], expiring, Self.rule(.block, "new.example.com")],
                lines: [Self.line("||tracker.example^$important")], dns: settings, lists: [disabled]),
            id: "r2")
        let report = try await controller.pass(.loop)
        #expect(
            texts(report) == [
                "update DNSSettings forwarder", "delete Blocklist ads", "update Blocklist malware",
                "update rule allow =cdn.example.com", "create rule block new.example.com",
                "delete rule rewrite nas.example.com to 10.8.0.7", "delete rule ||tracker.example^",
                "create rule ||tracker.example^$important",
            ])
        #expect(report.plan.changes.allSatisfy { $0.reason == ($0.action == .delete ? .prune : .desiredChanged) })
        let fields = report.plan.changes.map(\.fields)
        #expect(fields[0] == [FieldChange("blocking.mode", before: "null_ip", after: "nxdomain")])
        #expect(fields[2] == [FieldChange("enabled", before: "true", after: "false")])
        #expect(
            fields[3] == [
                FieldChange("comment", before: "the shop needs it", after: nil),
                FieldChange("expires_at", before: nil, after: "2030-03-17T17:46:40Z"),
            ])
        #expect(gateway.rows.writes == ["dns", "dns"])
        let applied = gateway.inventory.current.applied
        #expect(applied[ObjectID(.dnsRule, "rewrite nas.example.com to 10.8.0.7")] == nil)
        #expect(applied[ObjectID(.dnsRule, "block new.example.com")] != nil)
        #expect(try await controller.pass(.loop).plan.changes.isEmpty)
    }

    @Test func rowsThatSomebodyEditsAreDriftAndHealed() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let right = gateway.rows.rows
        let edits: [@Sendable (inout ProjectedDNS) -> Void] = [
            { $0.rules[0].action = $0.rules[0].action == .allow ? .block : .allow },
            { $0.rules[1].client = "wg0/other" },
            { $0.rules[2].expiresAt = Timestamp(seconds: 1) },
            { $0.rules[3].text = "something else" },
            { $0.rules[3].id = "x" },
            { $0.rules[0].comment = "mine" },
            { $0.rules.removeFirst() },
            { $0.rules = [] },
            {
                $0.rules.append(
                    ProjectedDNSRule(id: "x", action: .allow, domain: "evil.example", text: "allow evil.example"))
            },
            { $0.rules.append(ProjectedDNSRule(id: "x", action: .allow, domain: "y", text: $0.rules[1].text)) },
            {
                // The right row is edited, and another one bears its name.
                $0.rules[1].comment = "mine"
                $0.rules.append(ProjectedDNSRule(id: "x", action: .allow, domain: "y", text: $0.rules[1].text))
            },
            { $0.blocklists[0].enabled = false },
            { $0.blocklists[1].name = "none" },
            { $0.blocklists = [] },
            { $0.settings["query_log.level"] = "off" },
            { $0.settings["enabled"] = nil },
            { $0.settings["other"] = "x" },
            { $0.settings = [:] },
            { $0 = ProjectedDNS() },
        ]
        for (number, edit) in edits.enumerated() {
            gateway.clock.advance(by: .seconds(700))
            gateway.rows.edit { rows in
                edit(&rows.dns)
                rows.dns.rules.sort(by: ProjectedDNSRule.order)
            }
            let shown = try await controller.preview(.apply)
            #expect(!shown.plan.drift.isEmpty && shown.plan.drift.count == shown.plan.changes.count, "\(number)")
            #expect(shown.plan.refusals.isEmpty, "\(number)")
            let healed = try await controller.pass(.loop)
            #expect(healed.exitCode == .success, "\(number): \(healed.outcomes)")
            #expect(gateway.rows.rows == right, "\(number)")
            #expect(try await controller.pass(.loop).plan.changes.isEmpty, "\(number)")
        }
    }

    @Test func driftThatIsOnlyReportedStaysAndHoldsUpNothingElse() async throws {
        gateway.revisions.set(Self.catalog { $0.reconcile.drift = .report }, id: "r2")
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.rows.edit { $0.dns.rules.removeAll { $0.domain == "ad.example.com" } }
        let report = try await controller.pass(.loop)
        #expect(report.plan.drift.map(\.isReportOnly) == [true] && report.writes == 0)
        let more = Self.rules + [Self.rule(.block, "new.example.com")]
        gateway.revisions.set(Self.catalog(more) { $0.reconcile.drift = .report }, id: "r3")
        let next = try await controller.pass(.loop)
        #expect(next.outcomes.filter { $0 == .done }.count == 1)
        let domains = Set(gateway.rows.rows.dns.rules.map(\.domain))
        #expect(domains.contains("new.example.com") && !domains.contains("ad.example.com"))
        #expect(try await controller.pass(.apply).exitCode == .success)
        #expect(gateway.rows.rows.dns.rules.count == 5)
    }

    @Test func aRuleThatIsUndoneAgainAndAgainHoldsUpNoOther() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        for _ in 0..<6 {
            gateway.rows.edit { $0.dns.rules.removeAll { $0.domain == "ad.example.com" } }
            _ = try await controller.pass(.loop)
            gateway.clock.advance(by: .seconds(5))
        }
        gateway.rows.edit { rows in
            rows.dns.rules.removeAll { $0.domain == "ad.example.com" || $0.domain == "nas.example.com" }
        }
        let report = try await controller.pass(.loop)
        #expect(report.flapping.keys.map(\.name) == ["block ad.example.com for johns-iphone"])
        #expect(Set(gateway.rows.rows.dns.rules.map(\.domain)) == ["=cdn.example.com", "nas.example.com", ""])
    }

    @Test func losingEveryRuleIsNoRail() async throws {
        let many = (0..<50).map { Self.rule(.block, "ad\($0).example.com", line: $0) }
        gateway.revisions.set(Self.catalog(many), id: "r2")
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.revisions.set(Self.catalog([], lines: [], dns: nil, lists: []), id: "r3")
        let report = try await controller.pass(.apply)
        #expect(report.exitCode == .success && report.plan.refusals.isEmpty)
        #expect(report.plan.changes.count == 54 && gateway.rows.rows.dns == ProjectedDNS())
        #expect(!gateway.inventory.current.applied.keys.contains { $0.kind == .dnsRule || $0.kind == .blocklist })
    }

    @Test func aWriteThatFailsIsTriedAgainAndSaid() async throws {
        let controller = gateway.start()
        gateway.rows.state.withLock { $0.isFull = true }
        let failed = try await controller.pass(.loop)
        let outcomes = failed.results.filter { $0.change.object.kind == .dnsRule }.map(\.outcome)
        let failure = Outcome.failed(message: "the state database can't be written: disk full", isTerminal: false)
        #expect(outcomes == [failure, failure, failure, failure])
        #expect(gateway.host.kernel.link("wg0")?.isUp == true, "the rest is done all the same")
        gateway.rows.state.withLock { $0.isFull = false }
        gateway.clock.advance(by: .seconds(2))
        #expect(try await controller.pass(.loop).exitCode == .success)
        #expect(gateway.rows.rows.dns.rules.count == 4)
    }

    @Test func rowsThatCannotBeReadAreLeftAlone() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let applied = gateway.inventory.current.applied
        gateway.rows.state.withLock { $0.isUnreadable = true }
        gateway.revisions.set(Self.catalog([]), id: "r2")
        #expect(try await controller.pass(.apply).exitCode == .error)
        #expect(gateway.rows.rows.dns.rules.count == 4 && gateway.inventory.current.applied == applied)
        gateway.rows.state.withLock { $0.isUnreadable = false }
        #expect(try await controller.pass(.apply).exitCode == .success)
        #expect(gateway.rows.rows.dns.rules.count == 1)
    }

    @Test func downLeavesTheDatabaseAlone() async throws {
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let (rows, applied) = (gateway.rows.rows, gateway.inventory.current.applied)
        let report = try await controller.pass(.teardown)
        #expect(report.exitCode == .success && gateway.rows.rows == rows)
        let kinds: [ObjectID.Kind] = [.dnsSettings, .blocklist, .dnsRule]
        let (before, after) = (applied, gateway.inventory.current.applied)
        #expect(before.filter { kinds.contains($0.key.kind) } == after.filter { kinds.contains($0.key.kind) })
        #expect(try await controller.pass(.apply).plan.changes.allSatisfy { !kinds.contains($0.object.kind) })
    }
}
