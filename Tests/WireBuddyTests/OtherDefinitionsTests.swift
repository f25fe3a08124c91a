import Foundation
import Testing

@testable import wirebuddy

@Suite("Definitions of other programs")
struct OtherDefinitionsTests {
    private func find(_ files: [String: String]) throws -> [String] {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("wirebuddy-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return OtherDefinitions(root: root.path).find(["wg0"]).map {
            "\($0.program.rawValue) \($0.path): \($0.command)"
        }
    }

    @Test("an enabled wg-quick is disabled without taking the interface down")
    func wgQuick() throws {
        let wants = "etc/systemd/system/multi-user.target.wants"
        #expect(
            try find(["\(wants)/wg-quick@wg0.service": "", "\(wants)/wg-quick@wg1.service": ""]) == [
                "wg-quick /\(wants)/wg-quick@wg0.service: systemctl disable wg-quick@wg0"
            ])
    }

    @Test("files of networkd are renamed, generated ones changed where they come from")
    func networkd() throws {
        let netdev = "[NetDev]\nName = wg0\nKind = wireguard\n[WireGuard]\nPrivateKey=x\n"
        let folder = "etc/systemd/network"
        #expect(
            try find([
                "\(folder)/50-wg0.netdev": netdev, "\(folder)/50-wg0.network": "[Match]\nName=wg0\n",
                "\(folder)/60-other.network": "[Match]\nName=eth0\n",
                "\(folder)/70-bridge.netdev": "[NetDev]\nName=wg0\nKind=bridge\n",
            ]) == [
                "systemd-networkd /etc/systemd/network/50-wg0.netdev: mv /etc/systemd/network/50-wg0.netdev"
                    + " /etc/systemd/network/50-wg0.netdev.disabled && mv /etc/systemd/network/50-wg0.network"
                    + " /etc/systemd/network/50-wg0.network.disabled"
            ])
        #expect(
            try find(["run/systemd/network/10-netplan-wg0.netdev": netdev]) == [
                "netplan /run/systemd/network/10-netplan-wg0.netdev: netplan set tunnels.wg0=null"
            ])
        #expect(
            try find(["usr/lib/systemd/network/wg.netdev": netdev]) == [
                "systemd-networkd /usr/lib/systemd/network/wg.netdev: ln -s /dev/null /etc/systemd/network/wg.netdev"
            ])
    }

    @Test("connections of NetworkManager that come up by themselves")
    func networkManager() throws {
        let folder = "etc/NetworkManager/system-connections"
        let connection = "[connection]\nid=office vpn\ntype=wireguard\ninterface-name=wg0\n"
        #expect(
            try find([
                "\(folder)/office.nmconnection": connection,
                "\(folder)/off.nmconnection": connection + "autoconnect=false\n",
                "\(folder)/wifi.nmconnection": "[connection]\nid=w\ntype=wifi\ninterface-name=wg0\n",
            ]) == [
                "NetworkManager /\(folder)/office.nmconnection:"
                    + " nmcli connection modify 'office vpn' connection.autoconnect no"
            ])
    }

    @Test("lines of Debian's interfaces file")
    func ifupdown() throws {
        let found = try find(["etc/network/interfaces": "auto lo eth0\n", "etc/network/interfaces.d/wg": "auto wg0\n"])
        #expect(found.count == 1 && found[0].hasPrefix("ifupdown /etc/network/interfaces.d/wg: sed -i "))
    }

    @Test("a host without any of them")
    func nothing() throws {
        #expect(try find([:]) == [])
    }
}
