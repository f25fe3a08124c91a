import Credentials
import Model
import Testing

@testable import Reconciler

/// What was compiled before may save work, and changes nothing of what comes out.
@Suite struct EarlierPeersTests {
    private static let now = Timestamp(seconds: 1_800_000_000)
    private static let host = HostIdentity(bootID: "b", namespace: 1)

    /// Peers that are edited at random, from one revision to the next.
    private struct Edits {
        var random: SplitMix64
        var peers: [Peer] = []
        var settings = Settings()
        private var made = 0

        init(seed: UInt64) { random = SplitMix64(seed: seed) }

        mutating func add() throws {
            made += 1
            let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
            let key = try #require(PublicKey(bytes: bytes))
            let name = "p\(Int.random(in: 0..<1000, using: &random))-\(made)"
            let ip = try #require(IPAddress("10.8.\(made / 250).\(made % 250 + 2)"))
            peers.append(
                Peer(
                    name: name, dnsName: name, interface: Bool.random(using: &random) ? "wg0" : "wg1", ip: [ip],
                    publicKey: key, location: SourceLocation(path: "\(name).yaml", line: 1, column: 1)))
        }

        mutating func edit() throws {
            guard !peers.isEmpty else { return try add() }
            let index = Int.random(in: 0..<peers.count, using: &random)
            switch Int.random(in: 0..<13, using: &random) {
            case 0, 1: try add()
            case 2: peers.remove(at: index)
            case 3: peers[index].name += "x"
            case 4: peers[index].enabled.toggle()
            case 5: peers[index].expiresAt = Timestamp(seconds: EarlierPeersTests.now.seconds - 1)
            case 6: peers[index].routes = [try #require(Prefix("10.99.\(index % 250).0/24"))]
            case 7: peers[index].endpoint = Endpoint("192.0.2.\(index % 250):51820")
            case 8: peers[index].endpoint = Endpoint("site\(index).example:51820")
            case 9: peers[index].presharedKey = .environment("PSK\(index)")
            case 10: peers[index].isolated = !(peers[index].isolated ?? false)
            case 11: peers[index].interface = peers[index].interface == "wg0" ? "wg1" : "wg0"
            default: settings.peers.persistentKeepalive = UInt16.random(in: 0...99, using: &random)
            }
        }

        func compiler(_ addresses: [String: IPAddress]) -> DesiredCompiler {
            let observed = ObservedState(takenAt: EarlierPeersTests.now, host: EarlierPeersTests.host)
            let interfaces = ["wg0", "wg1"].enumerated().map { number, name in
                Interface(
                    name: name, address: ["10.8.0.1/16"].compactMap { InterfaceAddress($0) },
                    listenPort: UInt16(51820 + number), location: SourceLocation(path: name, line: 1, column: 1))
            }
            var compiler = DesiredCompiler(
                catalog: Catalog(interfaces: interfaces, peers: peers, settings: settings),
                facts: HostFacts(observed, inventory: InventorySnapshot()), now: EarlierPeersTests.now,
                digest: BLAKE2b256())
            compiler.addresses = addresses
            return compiler
        }
    }

    @Test(arguments: 0..<20) func aStateIsTheSameWithAndWithoutAnEarlierOne(seed: UInt64) throws {
        var edits = Edits(seed: seed)
        for _ in 0..<30 { try edits.add() }
        var compiler = edits.compiler([:])
        var before = compiler.compile()
        for round in 0..<20 {
            for _ in 0..<(round % 4) { try edits.edit() }
            let address = try #require(IPAddress("198.51.100.\(round)"))
            let addresses = Dictionary(uniqueKeysWithValues: (0..<60).map { ("site\($0).example", address) })
            let earlier = EarlierPeers(compiler.catalog, before)
            compiler = edits.compiler(addresses)
            let alone = compiler.compile()
            compiler.earlier = earlier
            compiler.known = before.peers
            let state = compiler.compile()
            #expect(state.interfaces.map { "\($0)" } == alone.interfaces.map { "\($0)" })
            #expect(state.peers == alone.peers && state.revoked == alone.revoked && state.problems == alone.problems)
            #expect(state.routes == alone.routes && state.sysctls == alone.sysctls)
            #expect(state.firewall?.elements == alone.firewall?.elements)
            #expect(AppliedRecord.all(of: state, on: Self.host) == AppliedRecord.all(of: alone, on: Self.host))
            try expectSameUpdate(from: before, to: state)
            before = state
        }
    }

    /// Records that are known to be those of a state are brought to those of the next one as all of them would be.
    private func expectSameUpdate(from before: DesiredState, to state: DesiredState) throws {
        var snapshot = InventorySnapshot()
        snapshot.applied = AppliedRecord.all(of: before, on: Self.host)
        let observed = ObservedState(takenAt: Self.now, host: Self.host)
        let settled = Planner(digest: BLAKE2b256()).plan(
            PlanInput(
                revision: "r", desired: DesiredState(), observed: observed, inventory: InventorySnapshot(),
                limits: Settings.Reconcile(), now: Self.now))
        try #require(settled.changes.isEmpty)
        var (whole, part) = (InventoryUpdate(), InventoryUpdate())
        whole.addApplied(snapshot, state, observed, settled)
        part.addApplied(snapshot, state, observed, settled, since: before)
        #expect(part.applied == whole.applied)
    }

    @Test func whatFollowsFromTheDocumentAloneIsTaken() throws {
        var edits = Edits(seed: 7)
        for _ in 0..<10 { try edits.add() }
        let compiler = edits.compiler([:])
        var earlier = EarlierPeers(compiler.catalog, compiler.compile())
        #expect(earlier.hold(under: Settings()))
        var other = Settings()
        other.peers.persistentKeepalive = 99
        #expect(!earlier.hold(under: other))
        #expect(compiler.catalog.peers.allSatisfy { earlier.take($0)?.publicKey == $0.publicKey })
    }
}
