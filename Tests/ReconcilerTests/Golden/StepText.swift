import Model
import Reconciler

/// The steps of a plan as the commands an admin would type, in the order of execution.
enum StepText {
    static func render(_ plan: Plan) -> String {
        plan.steps.map { "  \($0.phase): \(command($0.operation))\n" }.joined()
    }

    private static func command(_ operation: Operation) -> String {
        switch operation {
        case .createLink(let link):
            return "ip link add \(link.name) mtu \(link.mtu) type wireguard (\(link.implementation.rawValue))"
        case .deleteLink(let link): return "ip link del \(link.name)"
        case .setLink(let link, let change):
            var words = ["ip link set \(link.name)"]
            if let mtu = change.mtu { words.append("mtu \(mtu)") }
            if let alias = change.alias { words.append("alias \(alias)") }
            if let isUp = change.isUp { words.append(isUp ? "up" : "down") }
            return words.joined(separator: " ")
        case .addAddress(let link, let address): return "ip addr add \(address) dev \(link.name)"
        case .removeAddress(let link, let address): return "ip addr del \(address) dev \(link.name)"
        case .configureDevice(let link, let change):
            var words = ["wg set \(link.name)"]
            if change.privateKey != nil { words.append("private-key …") }
            if let port = change.listenPort { words.append("listen-port \(port)") }
            if let mark = change.fwmark { words.append("fwmark \(mark)") }
            return words.joined(separator: " ")
        case .configurePeers(let link, let peers):
            return "wg set \(link.name) " + peers.map(peer).joined(separator: " ")
        case .addRoute(let route): return "ip route add \(ObjectID(route).name)"
        case .removeRoute(let route): return "ip route del \(ObjectID(route).name)"
        case .addRule(let rule): return "ip rule add \(ObjectID(rule).name)"
        case .removeRule(let rule): return "ip rule del \(ObjectID(rule).name)"
        case .replaceFirewall(let table):
            return "nft -f - (replace the table; \(elements(table.elements)))"
        case .changeFirewallElements(let add, let remove):
            return "nft -f - (add \(elements(add)); delete \(elements(remove)))"
        case .deleteFirewall: return "nft delete table inet wirebuddy"
        case .changeForeignRules(let add, let remove):
            let text = { (rules: [ForeignRule]) in rules.map { ObjectID($0).name }.joined(separator: ", ") }
            return "nft -f - (add \(text(add)); delete \(text(remove)))"
        case .setSysctl(let sysctl, let value): return "sysctl -w \(sysctl)=\(value)"
        case .projectUser(let user):
            return "UPSERT user \(user.username) (id \(user.id), \(user.enabled ? user.role.rawValue : "disabled"))"
        case .removeUser(let id): return "DELETE FROM user WHERE id = \(id)"
        case .projectSettings(let rows):
            let values = rows.filter { ProjectedSettings.defaults[$0.key] != $0.value }.sorted { $0.key < $1.key }
            return "REPLACE settings: " + values.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
        case .projectDNS(let difference): return dns(difference)
        case .recordPolicies(let records):
            return "RECORD " + records.keys.sorted().map(\.description).joined(separator: ", ")
        case .recordPeerDNS(let interface, let peers): return "RECORD dns of \(peers.count) of \(interface)'s peers"
        }
    }

    private static func dns(_ difference: DNSDifference) -> String {
        var statements: [String] = []
        if let rows = difference.settings {
            let values = rows.filter { ProjectedDNSSettings.defaults[$0.key] != $0.value }.sorted { $0.key < $1.key }
            let text = values.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
            statements.append(rows.isEmpty ? "DELETE FROM dns_setting" : "REPLACE dns settings: \(text)")
        }
        statements += difference.removedBlocklists.map { "DELETE blocklist \($0)" }
        statements += difference.writtenBlocklists.map { "UPSERT blocklist \($0.name)" }
        statements += difference.removedRules.map { "DELETE rule \($0.text) (id \($0.id.prefix(8)))" }
        statements += difference.writtenRules.map { "UPSERT rule \($0.text) (id \($0.id.prefix(8)))" }
        return statements.joined(separator: "; ")
    }

    private static func elements(_ elements: FirewallElements) -> String {
        let members = elements.keys.sorted().compactMap { set in
            elements[set].map { "\(set.rawValue) { \($0.sorted().map(\.description).joined(separator: ", ")) }" }
        }
        return members.isEmpty ? "no members" : members.joined(separator: " ")
    }

    private static func peer(_ peer: PeerOperation) -> String {
        var words = ["peer \(peer.publicKey.description.prefix(4))…"]
        switch peer.action {
        case .add: words.append("(add)")
        case .update: break
        case .remove: words.append("remove")
        }
        switch peer.presharedKey {
        case .key: words.append("preshared-key …")
        case PeerOperation.PresharedKey.none?: words.append("preshared-key none")
        case nil: break
        }
        if let endpoint = peer.endpoint { words.append("endpoint \(endpoint)") }
        if let keepalive = peer.persistentKeepalive { words.append("persistent-keepalive \(keepalive)") }
        words += peer.addAllowedIPs.map { "allowed-ips +\($0)" } + peer.removeAllowedIPs.map { "allowed-ips -\($0)" }
        if peer.wake { words.append("wake") }
        return words.joined(separator: " ")
    }
}
