public import Model

/// An interface as a file of `wg-quick(8)`, so that a gateway can go on without WireBuddy.
public struct WgQuickFile: Sendable {
    private let interface: Interface
    private let peers: [Peer]
    private let links: [String]
    private let keepalive: UInt16
    private let privateKey: SecretKey?
    private let presharedKeys: [PublicKey: SecretKey]
    private let now: Timestamp

    /// A file of one interface.
    ///
    /// - Parameters:
    ///   - privateKey: the interface's key; nil where nobody has made one yet.
    ///   - presharedKeys: the preshared keys by peer.
    ///   - now: decides who has expired.
    public init(
        _ interface: Interface, in catalog: Catalog, privateKey: SecretKey?, presharedKeys: [PublicKey: SecretKey],
        now: Timestamp
    ) {
        self.interface = interface
        self.privateKey = privateKey
        self.presharedKeys = presharedKeys
        self.now = now
        peers = catalog.peers.filter { $0.interface == interface.name }
        links = catalog.interfaces.map(\.name)
        keepalive = catalog.settings.peers.persistentKeepalive
    }

    /// What a file of wg-quick can't say, a line each.
    public var remarks: [String] {
        var remarks: [String] = []
        let name = interface.name
        if !interface.enabled { remarks.append("\(name) is stopped: wg-quick has no word for that, don't bring it up") }
        if interface.input != .allow { remarks.append("\(name): input is not exported") }
        if !interface.routeFrom.isEmpty { remarks.append("\(name): route_from is not exported") }
        if privateKey == nil { remarks.append("\(name) has no private key on this host: put it in before use") }
        for peer in peers {
            if !isLetIn(peer) {
                remarks.append("\(name)/\(peer.name) is disabled or expired: left out")
            } else if peer.expiresAt != nil {
                remarks.append("\(name)/\(peer.name): expires_at is not exported, nobody will enforce it")
            }
            if (peer.isolated ?? interface.isolatePeers) != interface.isolatePeers {
                remarks.append("\(name)/\(peer.name): isolated is not exported")
            }
        }
        return remarks
    }

    private func isLetIn(_ peer: Peer) -> Bool { peer.enabled && peer.expiresAt.map { $0 > now } ?? true }

    /// The file, keys included: for a file that only root reads.
    public func exposedText() -> String {
        var lines = ["# Interface \(interface.name), written by wirebuddy export.", "[Interface]"]
        lines.append(privateKey.map { "PrivateKey = \($0.exposedText())" } ?? "# PrivateKey = …")
        lines.append("Address = \(Self.list(interface.address))")
        lines.append("ListenPort = \(interface.listenPort)")
        if case .fixed(let mtu) = interface.mtu { lines.append("MTU = \(mtu)") }
        if interface.fwmark != 0 { lines.append("FwMark = \(interface.fwmark)") }
        switch interface.table {
        case .auto: break
        case .off: lines.append("Table = off")
        case .number(let table): lines.append("Table = \(table)")
        }
        lines += hooks
        for peer in peers where isLetIn(peer) { lines += section(peer) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ peer: Peer) -> [String] {
        var lines = ["", "[Peer]", "# Name = \(peer.name)", "PublicKey = \(peer.publicKey)"]
        if let key = presharedKeys[peer.publicKey] { lines.append("PresharedKey = \(key.exposedText())") }
        lines.append("AllowedIPs = \(Self.list(peer.ip.map(Prefix.init(host:)) + peer.routes))")
        if let endpoint = peer.endpoint {
            lines.append("Endpoint = \(endpoint)")
            let seconds = peer.persistentKeepalive ?? keepalive
            if seconds > 0 { lines.append("PersistentKeepalive = \(seconds)") }
        }
        return lines
    }

    // MARK: Hooks

    private static let table = "wg-quick-%i"

    /// Forwarding and an nftables table of its own, which goes with the interface.
    private var hooks: [String] {
        let families = Set(interface.address.map(\.family))
        var hooks: [String] = []
        if families.contains(.ipv4) { hooks.append("PostUp = sysctl -q -w net.ipv4.ip_forward=1") }
        if families.contains(.ipv6) { hooks.append("PostUp = sysctl -q -w net.ipv6.conf.all.forwarding=1") }
        let commands = self.commands
        guard !commands.isEmpty else { return hooks }
        let all = ["add table inet \(Self.table)"] + commands
        return hooks + [
            "PostUp = nft '\(all.joined(separator: "; "))'", "PostDown = nft delete table inet \(Self.table)",
        ]
    }

    private var commands: [String] {
        var forward: [String] = []
        if interface.isolatePeers { forward.append("iifname \"%i\" oifname \"%i\" drop") }
        if interface.mssClamp {
            forward += ["oifname", "iifname"].map {
                "\($0) \"%i\" tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu"
            }
        }
        let rules = [
            ("forward", "type filter hook forward priority 0", forward),
            ("postrouting", "type nat hook postrouting priority 100", masquerades),
        ]
        return rules.filter { !$0.2.isEmpty }.flatMap { chain, hook, rules in
            ["add chain inet \(Self.table) \(chain) { \(hook); }"]
                + rules.map { "add rule inet \(Self.table) \(chain) \($0)" }
        }
    }

    private var masquerades: [String] {
        let output: String
        switch interface.masquerade {
        case .off: return []
        case .on: output = "oifname != { \(Self.quoted(links)) }"
        case .outputs(let names): output = "oifname { \(Self.quoted(names.sorted())) }"
        }
        return AddressFamily.allCases.compactMap { family in
            let prefixes = interface.masqueradedPrefixes.filter { $0.family == family }
            guard !prefixes.isEmpty else { return nil }
            return "\(family == .ipv4 ? "ip" : "ip6") saddr { \(Self.list(prefixes)) } \(output) masquerade"
        }
    }

    private static func quoted(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }

    private static func list(_ values: [some CustomStringConvertible]) -> String {
        values.map(\.description).joined(separator: ", ")
    }
}
