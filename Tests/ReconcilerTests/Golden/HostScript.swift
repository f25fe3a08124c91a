import Model
import Reconciler

/// A host built from the commands an admin would type: `ip`, `wg`, `nft` and `sysctl` lines, so that the observed side
/// of a case can be reviewed by anyone who administers a gateway. An unknown line fails the case.
struct HostScript {
    var observed: ObservedState
    var inventory: InventorySnapshot
    var adopt: Set<String> = []
    var approvals: Set<String> = []
    var isTeardown = false

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs a script on top of a host (empty, or as a previous desired state left it).
    mutating func run(_ text: String, now: Timestamp) throws {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ").map(String.init)
            guard !words.isEmpty else { continue }
            do {
                try execute(words, now: now)
            } catch let failure as Failure {
                throw Failure(description: "\(line): \(failure.description)")
            }
        }
    }

    private mutating func execute(_ words: [String], now: Timestamp) throws {
        switch (words[0], words.count > 1 ? words[1] : "") {
        case ("ip", "link"): try link(Array(words.dropFirst(2)))
        case ("ip", "addr"): try address(Array(words.dropFirst(2)))
        case ("ip", "route"): try route(Array(words.dropFirst(2)))
        case ("ip", "rule"): observed.rules = []
        case ("wg", "set"): try wireguard(Array(words.dropFirst(2)), now: now)
        case ("nft", _): try firewall(Array(words.dropFirst()))
        case ("sysctl", "-w"):
            let pair = words[2].split(separator: "=", maxSplits: 1).map(String.init)
            observed.sysctls[Sysctl(pair[0])] = pair[1]
        case ("ss", let port):
            // ss -tlnp: `ss tcp/22 sshd`
            guard let service = Service(port), let number = service.ports?.lowerBound,
                let transport = Forward.Transport(rawValue: service.transport.rawValue)
            else { throw Failure(description: "bad socket") }
            observed.listeners.append(LocalListener(transport: transport, port: number, program: words[2]))
        case ("session", let service):
            // As `ss -tn` has it: `session SSH 10.8.0.1:22 10.8.0.2:50000`.
            guard let service = AdminConnection.Service(rawValue: service),
                let local = Endpoint(words[2])?.socketAddress, let remote = Endpoint(words[3])?.socketAddress
            else { throw Failure(description: "bad session") }
            observed.paths.connections.append(AdminConnection(service, local: local, remote: remote))
        case ("remote", let name):
            guard let address = IPAddress(words[2]) else { throw Failure(description: "bad address") }
            observed.paths.remotes.append(RemoteHost(name: name, address: address))
        case ("sqlite3", _): try database(Array(words.dropFirst()))
        case ("modprobe", _): observed.kernelWireGuard = true
        case ("reboot", _):
            observed.host = HostIdentity(bootID: "boot-2", namespace: observed.host.namespace)
            observed.links.removeAll { $0.kind == "wireguard" || $0.kind == "tun" }
            observed.devices = [:]
            observed.routes = []
            observed.rules = []
            observed.firewall = ObservedFirewall()
            for key in observed.sysctls.keys { observed.sysctls[key] = "0" }
        case ("ra", let link): observed.routerAdvertisementLinks.append(link)
        case ("unreadable", let part):
            let parts: [String: UnreadablePart.Part] = [
                "links": .links, "routes": .routes, "firewall": .firewall, "database": .projections,
            ]
            let reason = words.dropFirst(2).joined(separator: " ")
            observed.unreadable.append(UnreadablePart(parts[part] ?? .device(part), reason: reason))
        case ("wirebuddy", "revoke"):
            inventory.revocations.append(
                Revocation(publicKey: try key(words[2]), until: now.advanced(bySeconds: 3600), author: "root"))
        case ("wirebuddy", "apply"):
            if words[2] == "--adopt" { adopt.insert(words[3]) }
            if words[2] == "--approve" { approvals.insert(words[3]) }
        case ("wirebuddy", "down"): isTeardown = true
        case ("remember", let interface):
            let id = PeerID(interface: interface, publicKey: try key(words[2]))
            inventory.endpoints[id] = Endpoint(words[3])?.socketAddress
        default: throw Failure(description: "unknown command")
        }
    }

    private mutating func link(_ words: [String]) throws {
        let name = words.count > 2 && words[1] == "dev" ? words[2] : words[1]
        switch words[0] {
        case "add":
            let kind = words[words.count - 1]
            let index = (observed.links.map(\.index).max() ?? 1) + 1
            observed.links.append(ObservedLink(index: index, name: name, kind: kind, mtu: 1420, isUp: false))
            if kind == "wireguard" {
                observed.devices[name] = ObservedDevice(
                    implementation: .kernel, privateKey: nil, publicKey: nil, listenPort: 0, fwmark: 0, peers: [])
            }
        case "del":
            observed.links.removeAll { $0.name == name }
            observed.devices[name] = nil
            observed.routes.removeAll { $0.interface == name }
        case "set":
            let position = try index(of: words[1])
            switch words[2] {
            case "up": observed.links[position].isUp = true
            case "down": observed.links[position].isUp = false
            case "mtu": observed.links[position].mtu = Int(words[3]) ?? 0
            case "alias": observed.links[position].alias = words[3]
            case "name":
                observed.links[position].name = words[3]
                observed.devices[words[3]] = observed.devices.removeValue(forKey: words[1])
            default: throw Failure(description: "unknown link setting")
            }
        default: throw Failure(description: "unknown link command")
        }
    }

    private mutating func address(_ words: [String]) throws {
        guard let address = InterfaceAddress(words[1]) else { throw Failure(description: "bad address") }
        let position = try index(of: words[3])
        if words[0] == "add" {
            observed.links[position].addresses.append(address)
        } else {
            observed.links[position].addresses.removeAll { $0 == address }
        }
    }

    private mutating func route(_ words: [String]) throws {
        guard let prefix = Prefix(words[1]) else { throw Failure(description: "bad prefix") }
        if words[0] == "add" {
            let isOurs = words.count > 5 && words[5] == "\(Route.ownProtocol)"
            observed.routes.append(
                Route(destination: prefix, interface: words[3], routeProtocol: isOurs ? Route.ownProtocol : 3))
        } else {
            observed.routes.removeAll { $0.destination == prefix }
        }
    }

    private mutating func wireguard(_ words: [String], now: Timestamp) throws {
        let name = words[0]
        guard var device = observed.devices[name] else { throw Failure(description: "no device \(name)") }
        var words = words.dropFirst()
        var peer: Int?
        while let word = words.popFirst() {
            let value = word == "remove" || word == "forget-endpoint" ? "" : words.popFirst() ?? ""
            switch word {
            case "peer":
                let key = try key(value)
                if !device.peers.contains(where: { $0.publicKey == key }) {
                    device.peers.append(ObservedPeer(publicKey: key))
                }
                peer = device.peers.firstIndex { $0.publicKey == key }
            case "listen-port": device.listenPort = UInt16(value) ?? 0
            case "fwmark": device.fwmark = UInt32(value) ?? 0
            case "private-key": device.privateKey = SecretKey(bytes: Array(repeating: value.utf8.first ?? 0, count: 32))
            default:
                guard let peer else { throw Failure(description: "no peer yet") }
                switch word {
                case "remove": device.peers.remove(at: peer)
                case "forget-endpoint": device.peers[peer].endpoint = nil
                case "endpoint": device.peers[peer].endpoint = Endpoint(value)?.socketAddress
                case "persistent-keepalive": device.peers[peer].persistentKeepalive = UInt16(value) ?? 0
                case "preshared-key":
                    device.peers[peer].presharedKey = SecretKey(
                        bytes: Array(repeating: value.utf8.first ?? 0, count: 32))
                case "allowed-ips":
                    let prefixes = value.split(separator: ",").compactMap { Prefix(String($0)) }.sorted()
                    for other in device.peers.indices {
                        device.peers[other].allowedIPs.removeAll { prefixes.contains($0) }
                    }
                    device.peers[peer].allowedIPs = prefixes
                case "handshake": device.peers[peer].lastHandshake = now.advanced(bySeconds: -(Int64(value) ?? 0))
                default: throw Failure(description: "unknown setting \(word)")
                }
            }
        }
        observed.devices[name] = device
    }

    private mutating func firewall(_ words: [String]) throws {
        switch words.prefix(2).joined(separator: " ") {
        case "delete table": observed.firewall = ObservedFirewall()
        case "add rule":
            let digest = observed.firewall.structure?.policyDigest ?? ""
            observed.firewall.structure = FirewallStructure(policyDigest: digest, listingDigest: "edited")
        case "add element", "delete element":
            guard let set = FirewallSet(rawValue: words[4]),
                let member = FirewallMember(words[5...].joined(separator: " "))
            else {
                throw Failure(description: "bad element")
            }
            if words[0] == "add" {
                observed.firewall.elements[set, default: []].insert(member)
            } else {
                observed.firewall.elements[set]?.remove(member)
            }
        default: throw Failure(description: "unknown nft command")
        }
    }

    /// `UPDATE user SET field = value WHERE username = name`, `DELETE FROM user WHERE username = name`,
    /// `INSERT INTO user VALUES (id, name, role)`, `UPDATE setting SET value = x WHERE field = y`, `DELETE FROM setting`,
    /// `DELETE FROM interface WHERE name = wg0`.
    private mutating func database(_ words: [String]) throws {
        let plain = words.map { word in word.filter { !"(),;'".contains($0) } }
        var rows = observed.projections
        switch plain.prefix(3).joined(separator: " ") {
        case "UPDATE user SET":
            for index in rows.users.indices where rows.users[index].username == plain.last {
                switch plain[3] {
                case "role": rows.users[index].role = UserRole(rawValue: plain[5]) ?? .user
                case "enabled": rows.users[index].enabled = plain[5] == "1"
                case "password_hash": rows.users[index].passwordHash = plain[5]
                case "username": rows.users[index].username = plain[5]
                default: throw Failure(description: "unknown column \(plain[3])")
                }
            }
        case "DELETE FROM user": rows.users.removeAll { plain.count < 5 || $0.username == plain.last }
        case "INSERT INTO user":
            rows.users.append(
                ProjectedUser(id: plain[4], username: plain[5], role: UserRole(rawValue: plain[6]) ?? .user))
        case "UPDATE setting SET": rows.settings[plain[plain.count - 1]] = plain[5]
        case "DELETE FROM setting": rows.settings = [:]
        case "DELETE FROM interface": inventory.interfaces[plain[plain.count - 1]] = nil
        default: try policy(plain, &rows.dns)
        }
        rows.users.sort(by: ProjectedUser.order)
        observed.projections = rows
    }

    /// Statements about the DNS forwarder's policy. A rule is named by its domain, a line by its text.
    private func policy(_ words: [String], _ dns: inout ProjectedDNS) throws {
        let named = { (rule: ProjectedDNSRule) in rule.domain == words.last || rule.text == words.last }
        switch words.prefix(3).joined(separator: " ") {
        case "UPDATE dns_rule SET":
            for index in dns.rules.indices where named(dns.rules[index]) {
                switch words[3] {
                case "action": dns.rules[index].action = DNSRule.Action(rawValue: words[5])
                case "client": dns.rules[index].client = words[5] == "NULL" ? nil : words[5]
                case "comment": dns.rules[index].comment = words[5]
                case "id": dns.rules[index].id = words[5]
                case "text": dns.rules[index].text = words[5]
                default: throw Failure(description: "unknown column \(words[3])")
                }
            }
        case "DELETE FROM dns_rule": dns.rules.removeAll { words.count < 5 || named($0) }
        case "INSERT INTO dns_rule":
            dns.rules.append(
                ProjectedDNSRule(
                    id: words[4], action: DNSRule.Action(rawValue: words[5]), domain: words[6],
                    text: "\(words[5]) \(words[6])"))
        case "UPDATE blocklist SET":
            for index in dns.blocklists.indices where dns.blocklists[index].name == words.last {
                dns.blocklists[index].enabled = words[5] == "1"
            }
        case "DELETE FROM blocklist": dns.blocklists = []
        case "UPDATE dns_setting SET": dns.settings[words[words.count - 1]] = words[5]
        case "DELETE FROM dns_setting": dns.settings = [:]
        default: throw Failure(description: "unknown statement")
        }
        dns.rules.sort(by: ProjectedDNSRule.order)
    }

    private func index(of name: String) throws -> Int {
        guard let index = observed.links.firstIndex(where: { $0.name == name }) else {
            throw Failure(description: "no link \(name)")
        }
        return index
    }

    private func key(_ text: String) throws -> PublicKey {
        guard let key = PublicKey(text) else { throw Failure(description: "bad key \(text)") }
        return key
    }
}
