import Model
import Reconciler
import Testing

/// The table of a gateway with peers in teams and a few documents, compiled as the controller does it. Peer N of wg0 has
/// 10.8.0.(N + 2) and fd42:8::(N + 2); the third and later ones have a network too, 10.(20 + N).0.0/16.
struct AccessTable {
    struct Documents {
        var rules: [AccessRule] = []

        mutating func allow(_ name: String, team: String, _ to: [String], _ ports: [String] = []) {
            add(name, team, to, ports, .allow)
        }

        mutating func deny(_ name: String, team: String, _ to: [String], _ ports: [String] = []) {
            add(name, team, to, ports, .deny)
        }

        private mutating func add(
            _ name: String, _ team: String, _ to: [String], _ ports: [String], _ action: AccessRule.Action
        ) {
            var sources = AccessSources()
            sources.labels = ["team": team]
            var rule = AccessRule(
                name: name, from: sources, to: to.compactMap { Prefix($0).map { .prefix($0) } },
                location: SourceLocation(path: "access.yaml", line: 1, column: 1))
            rule.ports = ports.compactMap { Service($0) }
            rule.action = action
            rules.append(rule)
        }
    }

    let compiled: FirewallTable

    init(
        teams: [String] = ["red", "blue"], interface name: String = "wg0",
        _ documents: (inout Documents) -> Void
    ) throws {
        let place = SourceLocation(path: "wg0.yaml", line: 1, column: 1)
        let addresses = ["10.8.0.1/16", "fd42:8::1/64"].compactMap { InterfaceAddress($0) }
        let interface = Interface(name: name, address: addresses, listenPort: 51820, location: place)
        let peers = try teams.enumerated().map { number, team in
            let ip = ["10.8.\((number + 2) / 256).\((number + 2) % 256)", "fd42:8::" + String(number + 2, radix: 16)]
            var key = [UInt8](repeating: 0, count: 32)
            for index in 0..<4 { key[index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
            var peer = Peer(
                name: "peer\(number)", dnsName: "peer\(number)", interface: name, ip: ip.compactMap { IPAddress($0) },
                publicKey: try #require(PublicKey(bytes: key)), location: place)
            peer.labels = ["team": team]
            if number >= 2, number < 200 { peer.routes = ["10.\(20 + number).0.0/16"].compactMap { Prefix($0) } }
            return peer
        }
        var written = Documents()
        documents(&written)
        let catalog = Catalog(interfaces: [interface], peers: peers, access: written.rules)
        let observed = ObservedState(
            takenAt: Timestamp(seconds: 0), host: HostIdentity(bootID: "boot", namespace: 1))
        let compiler = DesiredCompiler(
            catalog: catalog, facts: HostFacts(observed, inventory: InventorySnapshot()), now: Timestamp(seconds: 0),
            digest: TestDigest())
        compiled = try #require(compiler.compile().firewall)
    }
}
