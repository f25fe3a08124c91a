import Database
import Model
import Reconciler
import Testing

/// 10,000 peers. The figures are printed; the limits of a release build are checked there only.
@Suite(.serialized) struct SpeedTests {
    @Test func tenThousandDigests() async throws {
        let directory = try TemporaryDirectory()
        let database = try GatewayDatabase.open(state: directory.path)
        let (first, second) = (Sample.applied(10_000), Sample.applied(10_000, digest: "e"))
        var endpoints: [PeerID: SocketAddress] = [:]
        for number in 0..<10_000 {
            endpoints[Sample.peer(number)] = SocketAddress(IPAddress(v4: UInt32(number)), port: 51_820)
        }
        let clock = ContinuousClock()
        let insert = try await clock.measure { try await database.recordApplied(first) }
        let replace = try await clock.measure { try await database.recordApplied(second) }
        let other = try GatewayDatabase.open(state: directory.path)
        var read = InventorySnapshot()
        let cold = try await clock.measure { read = try await other.snapshot() }
        #expect(read.applied.count == 10_000)
        try await database.rememberEndpoints(endpoints)
        let both = try await clock.measure { read = try await other.snapshot() }
        #expect(read.endpoints == endpoints)
        let cached = try await clock.measure { for _ in 0..<100 { _ = try await other.snapshot() } } / 100
        let one = try await clock.measure { try await database.recordApplied([ObjectID(.peer, "wg0/new"): "x"]) }
        let same = try await clock.measure { try await database.recordApplied(second) }
        print(
            """
            10,000 applied digests: insert \(insert), replace \(replace), cold snapshot \(cold), \
            with 10,000 endpoints \(both), cached snapshot \(cached), one more \(one), nothing new \(same)
            """)
        #if !DEBUG
            #expect(max(insert, replace) <= .milliseconds(300))
            #expect(cold <= .milliseconds(60))
        #endif
    }
}
