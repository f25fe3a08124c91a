import Credentials
import Logging
import Model
import Testing

@testable import Reconciler

/// A plan of files alone is the plan of a gateway that applied the base.
@Suite("Plans between two revisions")
struct SimulationTests {
    private let clock = ManualClock()

    private func catalog(_ peers: Int...) -> Catalog { Sample.catalog(peers: peers.map { Sample.peer($0) }) }

    private func plan(
        _ head: Catalog, from base: Catalog, _ options: PassOptions = PassOptions(trigger: "plan")
    ) async throws -> PassReport {
        let simulation = Simulation(
            digest: BLAKE2b256(), clock: clock, publicKey: { PublicKey(words: $0.words) },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        return try await simulation.plan(
            FakeRevisions(head, id: "head"), from: DesiredRevision(id: "base", catalog: base), options)
    }

    /// The plan of a gateway that applied the base.
    private func livePlan(_ head: Catalog, from base: Catalog) async throws -> Plan {
        let gateway = FakeGateway(base)
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.revisions.set(head, id: "head")
        return try await controller.preview(PassOptions(trigger: "plan")).plan
    }

    @Test("changes have the digests of a live plan")
    func digests() async throws {
        let base = catalog(1, 2, 3)
        let head = Sample.catalog(
            [Sample.interface(port: 51999)], peers: [Sample.peer(2), Sample.peer(3), Sample.peer(4)])
        let offline = try await plan(head, from: base)
        let live = try await livePlan(head, from: base)
        #expect(offline.plan.changes.map(\.digest) == live.changes.map(\.digest))
        #expect(offline.plan.changes.map(\.object) == live.changes.map(\.object))
        #expect(offline.plan.id == live.id && offline.inForce == "base" && offline.simulation?.base == "base")
    }

    @Test("nothing changes where nothing differs")
    func same() async throws {
        let base = catalog(1, 2)
        let report = try await plan(base, from: base)
        #expect(report.plan.changes.isEmpty && report.exitCode == .success)
    }

    @Test("rails refuse as they would, and consents count")
    func rails() async throws {
        let base = catalog(1, 2)
        let head = Sample.catalog([], peers: [])
        let refused = try await plan(head, from: base)
        #expect(refused.exitCode == .refused && refused.plan.refusals.contains { $0.rail == "interface-removal" })
        var consent = PassOptions(trigger: "plan")
        consent.approvals = Set(refused.plan.refusals.map(\.digest))
        #expect(try await plan(head, from: base, consent).exitCode == .changes)
    }

    @Test("equal texts are equal secrets, other texts are others")
    func secrets() async throws {
        func keyed(_ file: String) -> Catalog {
            var interface = Sample.interface()
            interface.privateKey = .file(file)
            return Sample.catalog([interface], peers: [Sample.peer(1)])
        }
        let base = keyed("a")
        #expect(try await plan(base, from: base).plan.changes.isEmpty)
        let report = try await plan(keyed("b"), from: base)
        #expect(report.plan.changes.first?.reason == .keyRotation)
    }

    @Test("a head that is not valid leaves the base in force")
    func invalid() async throws {
        let base = catalog(1)
        let revisions = FakeRevisions(base)
        revisions.set(.failure(.invalid(revision: "head", problems: ["a.yaml:1:1: error[x]: y"])))
        let simulation = Simulation(
            digest: BLAKE2b256(), clock: clock, publicKey: { PublicKey(words: $0.words) },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        let report = try await simulation.plan(
            revisions, from: DesiredRevision(id: "base", catalog: base), PassOptions(trigger: "plan"))
        #expect(report.exitCode == .invalid && report.plan.changes.isEmpty && report.inForce == "base")
    }

    @Test("the text says what is unknown, and the document too")
    func unknown() async throws {
        let report = try await plan(catalog(1, 2), from: catalog(1))
        #expect(PassText(report).render().hasPrefix("planned from the files of base, not from a host: live sessions"))
        let document = String(decoding: PassJSON(report, exitCode: 2).plan.compactBytes(), as: UTF8.self)
        #expect(document.contains(#""simulation":{"base":"base","live_sessions":"unknown""#))
    }
}
