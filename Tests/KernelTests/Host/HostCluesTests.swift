import Foundation
import Model
import Testing

@testable import Kernel
@testable import Reconciler

/// What other programs leave on the host points to them, and nothing else does.
@Suite struct HostCluesTests {
    private static let now = Timestamp(seconds: 1_800_000_000)

    private func change(_ kind: ObjectID.Kind, _ name: String, before: String = "0") -> Change {
        Change(
            object: ObjectID(kind, name), publicKey: nil, peerID: nil, action: .update, reason: .drift,
            fields: [FieldChange("value", before: before, after: "1")], impact: .none, liveSessions: 0,
            isReportOnly: false, digest: "")
    }

    /// The writer of a change on a host of these files.
    private func writer(
        of change: Change, _ files: [String: String], routes: [Route] = []
    ) throws -> LikelyWriter? {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("clues-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        var observed = ObservedState(takenAt: Self.now, host: HostIdentity(bootID: "b", namespace: 1))
        observed.links = [
            ObservedLink(index: 7, name: "wg0", kind: "wireguard", mtu: 1420, isUp: true)
        ]
        observed.routes = routes
        return HostClues(root: root.path).writers(of: [change], in: observed)[change.object]
    }

    private static let networkd = [
        "proc/12/comm": "systemd-network\n",
        "run/systemd/netif/links/7": "ADMIN_STATE=configured\nNETWORK_FILE=/etc/systemd/network/wg0.network\n",
    ]

    @Test(arguments: [
        ObjectID(.interface, "wg0"), ObjectID(.peer, "wg0/phone"), ObjectID(.route, "10.0.0.0/8 dev wg0"),
    ])
    func `networkd that runs and configures the link`(_ object: ObjectID) throws {
        let writer = try writer(of: change(object.kind, object.name), Self.networkd)
        #expect(
            writer?.description
                == "probably systemd-networkd: it runs and configures wg0 by /etc/systemd/network/wg0.network")
    }

    @Test func `networkd that is stopped, or leaves the link alone, is no clue`() throws {
        var stopped = Self.networkd
        stopped["proc/12/comm"] = "systemd-resolve\n"
        #expect(try writer(of: change(.interface, "wg0"), stopped) == nil)
        var unmanaged = Self.networkd
        unmanaged["run/systemd/netif/links/7"] = "ADMIN_STATE=unmanaged\n"
        #expect(try writer(of: change(.interface, "wg0"), unmanaged) == nil)
        #expect(try writer(of: change(.interface, "wg1"), Self.networkd) == nil)
    }

    @Test func `NetworkManager that manages the link`() throws {
        let files = ["proc/3/comm": "NetworkManager\n", "run/NetworkManager/devices/7": "[device]\nmanaged=true\n"]
        #expect(try writer(of: change(.interface, "wg0"), files)?.name == "NetworkManager")
        let unmanaged = files.merging(["run/NetworkManager/devices/7": "[device]\nmanaged=false\n"]) { $1 }
        #expect(try writer(of: change(.interface, "wg0"), unmanaged) == nil)
    }

    @Test func `a routing daemon by the protocol of its routes`() throws {
        let prefix = try #require(Prefix("10.9.0.0/16"))
        let object = change(.route, "10.0.0.0/8 dev wg0")
        let bird = try writer(
            of: object, [:], routes: [Route(destination: prefix, interface: "wg0", routeProtocol: 12)])
        #expect(bird == LikelyWriter(name: "BIRD", evidence: "routes of its protocol (12) go through wg0"))
        // What anybody's `ip route add` makes says nothing.
        #expect(
            try writer(of: object, [:], routes: [Route(destination: prefix, interface: "wg0", routeProtocol: 3)]) == nil
        )
        let other = [Route(destination: prefix, interface: "eth0", routeProtocol: 12)]
        #expect(try writer(of: object, [:], routes: other) == nil)
    }

    @Test func `the file that sets the parameter to what was seen`() throws {
        let object = change(.sysctl, "net/ipv4/ip_forward")
        #expect(
            try writer(of: object, ["etc/ufw/sysctl.conf": "# x\nnet/ipv4/ip_forward=0\n"])
                == LikelyWriter(name: "ufw", evidence: "/etc/ufw/sysctl.conf sets net/ipv4/ip_forward to 0"))
        let dotted = ["etc/sysctl.d/9.conf": ";x\n -net.ipv4.ip_forward = 0 \n"]
        #expect(try writer(of: object, dotted)?.evidence == "/etc/sysctl.d/9.conf sets net/ipv4/ip_forward to 0")
        #expect(try writer(of: object, ["etc/sysctl.conf": "net.ipv4.ip_forward=1\n"]) == nil)
        #expect(try writer(of: object, ["etc/sysctl.conf": "#net.ipv4.ip_forward=0\n"]) == nil)
    }

    @Test func `a service that flushes the ruleset, where the whole table is gone`() throws {
        let files = [
            "etc/systemd/system/sysinit.target.wants/nftables.service": "[Unit]\n",
            "etc/nftables.conf": "#!/usr/sbin/nft -f\n\nflush ruleset\n",
        ]
        var gone = change(.firewall, "inet wirebuddy")
        (gone.action, gone.fields) = (.create, [FieldChange("structure", before: nil, after: "policy 1")])
        #expect(try writer(of: gone, files)?.name == "nftables.service")
        // Edited, not flushed; without the file; not enabled.
        var edited = gone
        (edited.action, edited.fields) = (.update, [FieldChange("structure", before: "policy 2", after: "policy 1")])
        #expect(try writer(of: edited, files) == nil)
        #expect(try writer(of: gone, files.filter { $0.key != "etc/nftables.conf" }) == nil)
        #expect(try writer(of: gone, files.filter { $0.key == "etc/nftables.conf" }) == nil)
    }

    @Test func `nothing is guessed`() throws {
        for kind in [ObjectID.Kind.firewall, .peer, .user, .interface, .route, .sysctl, .rule] {
            #expect(try writer(of: change(kind, "wg0"), [:]) == nil)
        }
    }
}
