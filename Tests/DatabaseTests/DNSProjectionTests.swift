import Database
import GRDB
import Model
import Reconciler
import Testing

/// Rows of the DNS policy in a real database, which somebody else edits by another connection.
@Suite struct DNSProjectionTests {
    let directory: TemporaryDirectory
    let database: GatewayDatabase

    init() throws {
        directory = try TemporaryDirectory()
        database = try GatewayDatabase.open(state: directory.path)
    }

    static let place = SourceLocation(path: "dns/rules.yaml", line: 1, column: 1)

    static func rule(_ number: Int, comment: String = "") -> DNSRule {
        var rule = DNSRule(action: .block, domain: "ad\(number).example.com", location: place)
        rule.comment = comment
        return rule
    }

    static func catalog(_ rules: [DNSRule]) -> Catalog {
        var dns = DNSSettings(location: place)
        dns.upstreams = [DNSUpstream(udp: IPAddress(v4: 0x0A00_0035), port: 53)]
        var rewrite = DNSRule(action: .rewrite, domain: "nas.example.com", location: place)
        rewrite.answer = DNSAnswer("10.8.0.7")
        rewrite.client = .peer(name: "zoë's 📱", interface: "wg0")
        rewrite.expiresAt = Timestamp(seconds: 1_900_000_000)
        rewrite.comment = "it's 'quoted' | \u{7}"
        var fetched = Blocklist(
            name: "ads", source: .url("https://lists.example.com/a"), format: .wildcardDomains, location: place)
        fetched.sha256 = DigestValue(bytes: [UInt8](repeating: 0xAB, count: 32))
        var file = Blocklist(name: "malware", source: .file("lists/m.txt"), format: .adblock, location: place)
        file.enabled = false
        file.refresh = .seconds(3600)
        return Catalog(
            interfaces: [], peers: [], dns: dns, blocklists: [fetched, file], dnsRules: rules + [rewrite],
            dnsFilterLines: [DNSFilterLine(text: "||tracker.example^$important", location: place)])
    }

    private func edit(_ sql: String) throws {
        try DatabaseQueue(path: "\(directory.path)/wirebuddy.db").write { db in try db.execute(sql: sql) }
    }

    private func pass(_ controller: Controller) async throws -> PassReport {
        try await controller.pass(PassOptions(trigger: "test", mode: .loop))
    }

    @Test func whatIsWrittenIsRead() async throws {
        let controller = SamplePorts.controller(Self.catalog([Self.rule(1)]), database)
        #expect(try await pass(controller).exitCode == .success)
        let dns = try await database.projected().dns
        #expect(dns.rules.count == 3 && dns.rules.map(\.id) == dns.rules.map(\.id).sorted())
        let rewrite = try #require(dns.rules.first { $0.action == .rewrite })
        #expect(rewrite.client == "wg0/zoë's 📱" && rewrite.answer == "10.8.0.7")
        #expect(rewrite.comment == "it's 'quoted' | \u{7}" && rewrite.expiresAt == Timestamp(seconds: 1_900_000_000))
        #expect(dns.rules.first { $0.action == nil }?.text == "||tracker.example^$important")
        #expect(dns.blocklists.map(\.url) == ["https://lists.example.com/a", nil])
        #expect(dns.blocklists.map(\.file) == [nil, "lists/m.txt"])
        #expect(dns.blocklists.map(\.enabled) == [true, false] && dns.blocklists[1].refresh == 3600)
        #expect(dns.blocklists[0].sha256 == String(repeating: "ab", count: 32))
        #expect(dns.settings["upstreams"] == "udp://10.0.0.53:53" && dns.settings["query_log.max_size"] == "500MB")
        #expect(try await GatewayDatabase.open(state: directory.path).projected().dns == dns)
    }

    @Test(arguments: [
        "UPDATE dns_rule SET action = 'allow' WHERE action = 'block'", "UPDATE dns_rule SET action = NULL",
        "UPDATE dns_rule SET domain = 'x', client = NULL, answer = NULL", "UPDATE dns_rule SET expires_at = 1",
        "UPDATE dns_rule SET comment = 'mine'", "UPDATE dns_rule SET text = 'mine'",
        "UPDATE dns_rule SET id = 'x' WHERE action = 'block'", "DELETE FROM dns_rule WHERE action IS NULL",
        "DELETE FROM dns_rule",
        "INSERT INTO dns_rule VALUES ('x', 'allow', 'evil', NULL, NULL, NULL, '', 'allow evil')",
        "INSERT INTO dns_rule SELECT 'x', action, domain, client, answer, expires_at, '', text FROM dns_rule LIMIT 1",
        "UPDATE blocklist SET url = 'https://evil.example/' WHERE name = 'ads'",
        "UPDATE blocklist SET url = NULL, file = 'x' WHERE name = 'ads'", "UPDATE blocklist SET sha256 = NULL",
        "UPDATE blocklist SET enabled = 1, refresh = 1, format = 'hosts'", "UPDATE blocklist SET name = 'x' || name",
        "DELETE FROM blocklist", "INSERT INTO blocklist VALUES ('x', NULL, 'f', 'hosts', 1, 1, NULL)",
        "UPDATE dns_setting SET value = 'false' WHERE field = 'enabled'", "DELETE FROM dns_setting",
        "DELETE FROM dns_setting WHERE field = 'upstreams'", "INSERT INTO dns_setting VALUES ('x', 'y')",
    ]) func anEditByHandIsShownAndHealed(_ sql: String) async throws {
        let controller = SamplePorts.controller(Self.catalog([Self.rule(1)]), database)
        _ = try await pass(controller)
        #expect(try await pass(controller).plan.changes.isEmpty)
        let right = try await database.projected()
        try edit(sql)
        #expect(try await database.projected() != right)
        let shown = try await controller.preview(PassOptions(trigger: "test"))
        #expect(!shown.plan.drift.isEmpty && shown.plan.drift.count == shown.plan.changes.count)
        let healed = try await pass(controller)
        #expect(healed.exitCode == .success && healed.plan.drift.count == healed.plan.changes.count)
        #expect(try await GatewayDatabase.open(state: directory.path).projected() == right)
        #expect(try await pass(controller).plan.changes.isEmpty)
    }

    @Test(arguments: [
        "INSERT INTO dns_rule VALUES ('x', 'drop', 'd', NULL, NULL, NULL, '', 't')",
        "INSERT INTO dns_rule VALUES ('x', 'block', 'd', NULL, NULL, 'soon', '', 't')",
        "INSERT INTO blocklist VALUES ('x', NULL, NULL, 'hosts', 1, 1, NULL)",
        "INSERT INTO blocklist VALUES ('x', 'u', 'f', 'hosts', 1, 1, NULL)",
        "INSERT INTO blocklist VALUES ('x', 'u', NULL, 'guess', 1, 1, NULL)",
        "INSERT INTO blocklist VALUES ('x', 'u', NULL, 'hosts', 2, 1, NULL)",
    ]) func rowsThatMakeNoSenseCannotBeWritten(_ sql: String) throws {
        #expect(throws: (any Error).self) { try edit(sql) }
    }

    @Test func aDifferenceIsWrittenWholeOrNotAtAll() async throws {
        var first = DNSDifference()
        first.settings = ["enabled": "true"]
        first.writtenRules = [ProjectedDNSRule(id: "a", action: .block, domain: "a", text: "block a")]
        try await database.project(dns: first)
        let before = try await database.projected()
        try edit("CREATE TRIGGER full BEFORE INSERT ON dns_rule WHEN NEW.id = 'c' BEGIN SELECT RAISE(ABORT, 'no'); END")
        var second = DNSDifference()
        second.settings = [:]
        second.removedRules = first.writtenRules
        second.writtenRules = ["b", "c"].map { ProjectedDNSRule(id: $0, action: .block, domain: $0, text: $0) }
        await #expect(throws: DatabaseFailure.self) { try await database.project(dns: second) }
        #expect(try await database.projected() == before)
    }

    @Test func nothingToDoTouchesNoFile() async throws {
        let controller = SamplePorts.controller(Self.catalog([Self.rule(1)]), database)
        for _ in 0..<2 { _ = try await pass(controller) }
        let before = try directory.fingerprint(of: ".")
        try await Task.sleep(for: .milliseconds(20))
        for _ in 0..<5 { _ = try await pass(controller) }
        try await database.project(dns: DNSDifference())
        #expect(try directory.fingerprint(of: ".") == before)
    }

    /// The figures are printed; the limits of a release build are checked there only.
    @Test func tenThousandRulesAreOneTransactionAndOneChangeIsOneRow() async throws {
        let rules = (0..<10_000).map { Self.rule($0) }
        let revisions = ChangingRevision(Self.catalog(rules))
        let controller = SamplePorts.controller(revisions, database)
        let clock = ContinuousClock()
        var report = try await pass(controller)
        #expect(report.exitCode == .success && report.plan.changes.count == 10_005 && report.writes == 1)
        let first = report.durations
        _ = try await pass(controller)
        let idle = try await clock.measure { for _ in 0..<10 { _ = try await pass(controller) } } / 10
        try edit(
            "CREATE TABLE seen (id TEXT); CREATE TRIGGER watch AFTER INSERT ON dns_rule BEGIN INSERT INTO seen VALUES (NEW.id); END"
        )
        var changed = rules
        changed[5000].comment = "because"
        revisions.set(Self.catalog(changed), id: "r2")
        let one = try await clock.measure { report = try await pass(controller) }
        #expect(report.exitCode == .success && report.plan.changes.count == 1)
        let queue = try DatabaseQueue(path: "\(directory.path)/wirebuddy.db")
        #expect(try await queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM seen") } == 1)
        print(
            """
            10,000 DNS rules: first pass \(first.total) (plan \(first.plan), apply \(first.apply), verify \
            \(first.verify), record \(first.record)), one changed \(one) (plan \(report.durations.plan), apply \
            \(report.durations.apply), verify \(report.durations.verify), record \(report.durations.record)), nothing to do \(idle)
            """)
        #if !DEBUG
            #expect(first.total <= .seconds(2) && one <= .milliseconds(500) && idle <= .milliseconds(30))
        #endif
    }
}
