import Database
import Model
import Reconciler
import Testing

@Suite struct PeerTests {
    let directory: TemporaryDirectory
    let database: GatewayDatabase

    init() throws {
        directory = try TemporaryDirectory()
        database = try GatewayDatabase.open(state: directory.path)
    }

    private static func tunnel(_ text: String) throws -> TunnelAddress {
        TunnelAddress(interface: "wg0", address: try #require(IPAddress(text)))
    }

    @Test func peersAndReleasedAddresses() async throws {
        let known = KnownPeer(id: "a", addresses: ["10.8.0.2", "fd42:8::2"].compactMap { IPAddress($0) })
        let none = KnownPeer(id: "b", addresses: [])
        let (first, second) = (try Self.tunnel("10.8.0.9"), try Self.tunnel("fd42:8::9"))
        try await database.recordPeers(
            [Sample.peer(0): known, Sample.peer(1): none], released: [first: Sample.now, second: Sample.now])
        for database in [database, try GatewayDatabase.open(state: directory.path)] {
            let inventory = try await database.snapshot()
            #expect(inventory.peers == [Sample.peer(0): known, Sample.peer(1): none])
            #expect(inventory.released == [first: Sample.now, second: Sample.now])
        }
        try await database.recordPeers([Sample.peer(0): nil], released: [second: nil])
        for database in [database, try GatewayDatabase.open(state: directory.path)] {
            let inventory = try await database.snapshot()
            #expect(inventory.peers == [Sample.peer(1): none])
            #expect(inventory.released == [first: Sample.now])
        }
    }

    @Test func eventsOfOnePeer() async throws {
        try await database.appendEvents((0..<20).map(Sample.event))
        let events = try await database.events(peer: "id5", limit: 10)
        #expect(events.map(\.message) == ["event 13", "event 5"])
        #expect(try await database.events(peer: "id5", limit: 1).map(\.peer) == ["id5"])
        #expect(try await database.events(limit: 20) == (0..<20).reversed().map(Sample.event))
    }
}
