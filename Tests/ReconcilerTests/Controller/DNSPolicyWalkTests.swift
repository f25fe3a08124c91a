import Model
import Testing

@testable import Reconciler

/// Random policies, one after the other, with rows that somebody edits in between: a pass always ends at the declared
/// rows, and then nothing is left to do.
@Suite struct DNSPolicyWalkTests {
    static let kinds: Set<ObjectID.Kind> = [.dnsSettings, .blocklist, .dnsRule]

    @Test(arguments: 0..<8) func aPassEndsAtTheDeclaredRows(_ seed: UInt64) async throws {
        var random = Walk(seed: seed)
        let gateway = FakeGateway(random.catalog())
        var controller = gateway.start()
        for step in 0..<40 {
            gateway.clock.advance(by: .seconds(700))
            let catalog = random.catalog()
            gateway.revisions.set(catalog, id: "r\(step)")
            if random.chance(3) {
                let editor = random
                gateway.rows.edit { $0.dns = editor.edited($0.dns) }
            }
            if random.chance(5) { controller = gateway.start() }
            let preview = try await controller.preview(.apply)
            let report = try await controller.pass(random.chance(2) ? .apply : .loop)
            #expect(report.exitCode == .success, "\(seed) \(step): \(report.outcomes)")
            let policy = { (plan: Plan) in plan.changes.filter { Self.kinds.contains($0.object.kind) }.map(\.digest) }
            #expect(policy(preview.plan) == policy(report.plan), "\(seed) \(step)")
            let fresh = FakeGateway(catalog)
            _ = try await fresh.start().pass(.apply)
            #expect(gateway.rows.rows.dns == fresh.rows.rows.dns, "\(seed) \(step)")
            #expect(gateway.inventory.current.applied == fresh.inventory.current.applied, "\(seed) \(step)")
            let writes = gateway.rows.writes.count
            let again = try await controller.pass(.apply)
            #expect(again.plan.changes.isEmpty && gateway.rows.writes.count == writes, "\(seed) \(step)")
        }
    }
}

/// A generator whose walk depends on the seed alone.
private struct Walk: RandomNumberGenerator {
    private var numbers: SplitMix64

    init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

    mutating func next() -> UInt64 { numbers.next() }

    mutating func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &self) == 0 }

    mutating func catalog() -> Catalog {
        var rules: [DNSRule] = []
        for number in 0..<12 where chance(2) {
            let action: DNSRule.Action = number % 3 == 0 ? .rewrite : number % 3 == 1 ? .allow : .block
            rules.append(
                DNSProjectionTests.rule(action, "n\(number).example", line: Int.random(in: 1...99, using: &self)) {
                    if number % 3 == 0 { $0.answer = .address(IPAddress(v4: 1)) }
                    if number % 4 == 0 { $0.client = .peer(name: "p1", interface: "wg0") }
                    if chance(3) { $0.comment = "because" }
                    if chance(4) { $0.expiresAt = Timestamp(seconds: 2_000_000_000) }
                    if chance(4) { $0.id = "00000000-0000-4000-8000-\(100_000_000_000 + number)" }
                })
        }
        let lines = (0..<6).filter { _ in chance(2) }.map { DNSProjectionTests.line("||l\($0 % 5).example^", at: $0) }
        let lists = DNSProjectionTests.lists.filter { _ in !chance(3) }.map { list in
            var list = list
            list.enabled = !chance(3)
            return list
        }
        var dns = chance(5) ? nil : DNSProjectionTests.forwarder
        if chance(2) { dns?.blocking.mode = .nxdomain }
        return DNSProjectionTests.catalog(rules, lines: lines, dns: dns, lists: lists)
    }

    func edited(_ rows: ProjectedDNS) -> ProjectedDNS {
        var (random, rows) = (self, rows)
        rows.rules.removeAll { _ in random.chance(4) }
        for index in rows.rules.indices where random.chance(4) { rows.rules[index].comment += "!" }
        for index in rows.rules.indices where random.chance(6) { rows.rules[index].id = "x\(index)" }
        if random.chance(3) { rows.blocklists.removeAll() }
        if random.chance(3) { rows.settings["timeout"] = "9s" }
        rows.rules.sort(by: ProjectedDNSRule.order)
        return rows
    }
}
