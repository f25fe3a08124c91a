import Model

/// A host in memory at the level of `Operation`. It behaves as the real one where plans depend on it: indices are never
/// reused, a link takes its addresses and routes along, an allowed IP has one owner. Besides what it is told to make it
/// has an uplink, `eth0`. Nobody connects to it: there are no handshakes and no learned endpoints.
struct SimulatedHost {
    struct Link {
        var index: Int
        var name: String
        var kind: String
        var mtu: Int
        var isUp: Bool
        var alias: String
        var addresses: [InterfaceAddress]
        var device: ObservedDevice?
    }

    var links: [Link] = []
    var routes: [Route] = []
    var rules: [Rule] = []
    var table: FirewallTable?
    /// The chains of other firewall programs that take rules of ours, and those rules.
    var foreignPlaces: Set<ForeignPlace> = []
    var foreignRules: Set<ForeignRule> = []
    /// Counts edits of our table by somebody else.
    var tableEdits = 0
    var sysctls: [Sysctl: String] = [
        .ipv4Forwarding: "0", .ipv6Forwarding: "0", .sourceValidMark: "0",
        .acceptRouterAdvertisements("eth0"): "1", .promoteSecondaries("eth0"): "0",
    ]
    /// Whether eth0 has a default route from a router advertisement.
    var hasAdvertisedRoute = false
    var hasKernelWireGuard = true
    var bootID = "boot-1"
    private var nextIndex = 1

    init() {
        addLink("lo", kind: "", mtu: 65_536)
        addLink("eth0", kind: "", mtu: 1500)
    }

    @discardableResult
    mutating func addLink(_ name: String, kind: String, mtu: Int, alias: String = "", isUp: Bool = true) -> Int {
        let index = nextIndex
        nextIndex += 1
        links.append(Link(index: index, name: name, kind: kind, mtu: mtu, isUp: isUp, alias: alias, addresses: []))
        return index
    }

    /// A WireGuard link that somebody else made.
    mutating func addForeignDevice(_ name: String, key: SecretKey, peers: [ObservedPeer] = []) {
        addLink(name, kind: "wireguard", mtu: 1420)
        with(name) {
            $0.device = ObservedDevice(
                implementation: .kernel, privateKey: key, publicKey: nil, listenPort: 51820, fwmark: 0, peers: peers)
        }
    }

    /// A new boot: everything but the repository and the state directory is gone.
    mutating func reboot() {
        let kept = hasKernelWireGuard
        self = SimulatedHost()
        hasKernelWireGuard = kept
        bootID = "boot-2"
    }

    func link(_ name: String) -> Link? { links.first { $0.name == name } }

    mutating func with(_ name: String, _ body: (inout Link) -> Void) {
        guard let index = links.firstIndex(where: { $0.name == name }) else { return }
        body(&links[index])
    }

    mutating func removeLink(_ name: String) {
        links.removeAll { $0.name == name }
        routes.removeAll { $0.interface == name }
    }
}
