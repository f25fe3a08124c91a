import Glibc
import Model

/// Whether other programs take our links for theirs.
extension HostChecks {
    /// systemd-networkd and NetworkManager, which remove addresses and routes that are not theirs; nil where neither runs.
    func otherConfigurators(of interfaces: [String]) -> HostCheck? {
        let name = "links"
        let hasNetworkd = unsafe access("/run/systemd/netif/links", F_OK) == 0
        let hasNetworkManager = unsafe access("/run/NetworkManager/devices", F_OK) == 0
        guard hasNetworkd || hasNetworkManager else { return nil }
        var faults: [String] = []
        for interface in interfaces {
            let index = unsafe if_nametoindex(interface)
            guard index != 0 else { continue }
            if Self.networkdSetsUp(index) {
                faults.append(
                    "systemd-networkd sets up \(interface): write /etc/systemd/network/00-\(interface).network with"
                        + " [Match] Name=\(interface) and [Link] Unmanaged=yes, then `networkctl reload`")
            }
            if Self.networkManagerSetsUp(index) {
                faults.append(
                    "NetworkManager sets up \(interface): `nmcli device set \(interface) managed no`, and"
                        + " unmanaged-devices=interface-name:\(interface) in /etc/NetworkManager/conf.d/")
            }
        }
        if !faults.isEmpty { return HostCheck(name, .warning(faults.joined(separator: "; "))) }
        let programs = [(hasNetworkd, "systemd-networkd"), (hasNetworkManager, "NetworkManager")]
            .filter(\.0).map(\.1).joined(separator: " and ")
        return HostCheck(name, .good("\(programs) leaves them alone"))
    }

    /// What networkd writes of a link (networkctl(1)): `unmanaged`, or the state of what it does there.
    private static func networkdSetsUp(_ index: UInt32) -> Bool {
        guard let text = SmallFile.text("/run/systemd/netif/links/\(index)") else { return false }
        let lines = text.split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("ADMIN_STATE=") }) else { return false }
        return !["unmanaged", "initialized", "linger", "pending"].contains(line.dropFirst(12))
    }

    private static func networkManagerSetsUp(_ index: UInt32) -> Bool {
        guard let text = SmallFile.text("/run/NetworkManager/devices/\(index)") else { return false }
        return text.split(separator: "\n").contains { $0 == "managed=true" || $0 == "managed=full" }
    }
}
