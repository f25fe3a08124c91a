import Model

@testable import Reconciler

/// What the repository declares, in a form that steps can edit.
struct Declaration: Sendable {
    var interfaces: [Interface]
    var peers: [Peer] = []
    var users = [ProjectionTests.user("root", .admin), ProjectionTests.user("anna")]
    var settings = Settings()
    var dns: DNSSettings?
    var rules: [DNSRule] = []
    var hasAccess = false
    var hasForward = false
    /// Counts peers: nobody gets the key, the name or the address of another one.
    private var made = 0

    /// Secrets that documents may name, in the order of their numbers.
    static let secrets = (0..<3).map { SecretReference.file("secret-\($0)") }

    init() {
        interfaces = [
            Sample.interface("wg0", port: 51820, "10.8.0.1/24"),
            Sample.interface("wg1", port: 51821, "10.9.0.1/24", "fd42:9::1/64"),
        ]
        for name in ["wg0", "wg0", "wg1"] { addPeer(to: name) }
        peers[1].routes = ["192.168.50.0/24"].compactMap { Prefix($0) }
        peers[2].presharedKey = Self.secrets[0]
    }

    /// What a revision of these documents is read as.
    var catalog: Catalog {
        var from = AccessSources()
        from.interfaces = ["wg0"]
        let access = AccessRule(
            name: "ops", from: from, to: ["10.60.0.0/24"].compactMap { Prefix($0) }.map(AccessDestination.prefix),
            location: Sample.place)
        let target = peers.first { $0.enabled && $0.expiresAt == nil }
        let forwards = target.map { peer in
            Forward(
                name: "web", port: 8080, to: .init(peer: PeerReference(name: peer.name, interface: peer.interface)),
                location: Sample.place)
        }
        return Catalog(
            interfaces: interfaces, peers: peers, settings: settings, users: users, dns: dns,
            blocklists: dns == nil ? [] : DNSProjectionTests.lists, dnsRules: dns == nil ? [] : rules,
            access: hasAccess ? [access] : [], forwards: hasForward ? [forwards].compactMap(\.self) : [])
    }

    @discardableResult
    mutating func addPeer(to interface: String) -> Peer {
        made += 1
        var peer = Sample.peer(made, interface: interface)
        peer.ip = addresses(on: interface)
        peers.append(peer)
        return peer
    }

    /// Addresses that nobody had before.
    mutating func newAddresses(on interface: String) -> [IPAddress] {
        made += 1
        return addresses(on: interface)
    }

    /// A key that nobody had before.
    mutating func newKey() -> PublicKey {
        made += 1
        return Sample.key(made)
    }

    private func addresses(on interface: String) -> [IPAddress] {
        guard let network = interfaces.first(where: { $0.name == interface })?.address.first?.prefix.address else {
            return []
        }
        let net = network.description.split(separator: ".").prefix(3).joined(separator: ".")
        let isDual = interfaces.contains { $0.name == interface && $0.address.contains { $0.family == .ipv6 } }
        let texts = ["\(net).\(made + 1)"] + (isDual ? ["fd42:9::\(String(made + 1, radix: 16))"] : [])
        return texts.compactMap { IPAddress($0) }
    }

    var names: Set<String> { Set(interfaces.map(\.name)) }
}
