import Model
@testable import Reconciler

/// The kernel as an admin sees it: what `ip`, `wg`, `nft` and `sysctl` would print.
extension SimulatedHost: CustomStringConvertible {
    var description: String {
        var lines: [String] = ["# ip -d address"]
        for link in links {
            let flags = link.isUp ? "<UP>" : "<DOWN>"
            let kind = link.kind.isEmpty ? "" : " \(link.kind)"
            let alias = link.alias.isEmpty ? "" : " alias \(link.alias)"
            lines.append("\(link.index): \(link.name): \(flags) mtu \(link.mtu)\(kind)\(alias)")
            for address in link.addresses {
                lines.append("    \(address.family == .ipv4 ? "inet" : "inet6") \(address)")
            }
        }
        lines.append("# wg show all")
        for link in links {
            guard let device = link.device else { continue }
            lines.append("interface: \(link.name)")
            lines.append("  private key: \(device.privateKey == nil ? "(none)" : "(hidden)")")
            lines.append("  listening port: \(device.listenPort)")
            if device.fwmark != 0 { lines.append("  fwmark: 0x\(String(device.fwmark, radix: 16))") }
            for peer in device.peers.sorted(by: { $0.publicKey < $1.publicKey }) {
                lines.append("peer: \(peer.publicKey)")
                if peer.presharedKey != nil { lines.append("  preshared key: (hidden)") }
                if let endpoint = peer.endpoint { lines.append("  endpoint: \(endpoint)") }
                let allowed = peer.allowedIPs.map(\.description).joined(separator: ", ")
                lines.append("  allowed ips: \(allowed.isEmpty ? "(none)" : allowed)")
                if peer.persistentKeepalive != 0 {
                    lines.append("  persistent keepalive: every \(peer.persistentKeepalive) seconds")
                }
            }
        }
        lines.append("# ip route, ip rule")
        lines += routes.map {
            "\($0.destination) dev \($0.interface) table \($0.table) proto \($0.routeProtocol) metric \($0.metric)"
        }.sorted()
        lines += rules.map { ObjectID($0).name }.sorted()
        lines.append("# nft list table inet wirebuddy")
        if let table {
            lines.append("policy \(table.policyDigest.prefix(12))\(tableEdits == 0 ? "" : " edited")")
            for set in table.elements.keys.sorted() {
                guard let members = table.elements[set] else { continue }
                lines.append("set \(set.rawValue) { \(members.sorted().map(\.description).joined(separator: ", ")) }")
            }
        }
        lines.append("# sysctl")
        for (sysctl, value) in sysctls.sorted(by: { $0.key < $1.key }) { lines.append("\(sysctl) = \(value)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
