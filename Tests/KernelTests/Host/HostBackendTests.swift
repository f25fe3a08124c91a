import Foundation
import Model
import Reconciler
import Testing

@testable import Kernel

/// The whole backend in a namespace of its own.
@Suite(.inNamespace, .enabled(if: mayMakeNamespaces, "needs root: network namespaces"), .serialized)
struct HostBackendTests {
    private let backend = makeBackend()

    @Test func looksAtAnEmptyHost() async throws {
        let state = try await backend.observe(ObservationRequest(interfaces: ["wg0"], sysctls: [.ipv4Forwarding]))
        #expect(state.unreadable.isEmpty)
        #expect(state.links.map(\.name) == ["lo"])
        #expect(state.devices.isEmpty && state.routes.isEmpty && state.rules.isEmpty && state.blocks.isEmpty)
        #expect(state.firewall == ObservedFirewall())
        #expect(state.sysctls == [.ipv4Forwarding: "0"])
        #expect(state.host.bootID.utf8.count == 36)
        #expect(
            "\(state.host.namespace)"
                == sh("stat -L -c %i /proc/self/ns/net").split { $0.isWhitespace }.first.map(String.init))
    }

    @Test func seesTheWayOutAndWhoBlocksIt() async throws {
        sh(
            """
            set -e
            ip link add eth0 type veth peer name eth0p; ip link set eth0 mtu 1400 up; ip link set eth0p up
            ip addr add 192.0.2.1/24 dev eth0; ip route add default via 192.0.2.254
            ip -6 addr add 2001:db8::1/64 dev eth0 nodad; ip -6 route add default via fe80::1 dev eth0 proto ra
            nft add table ip filter; nft add chain ip filter FORWARD '{ type filter hook forward priority 0; policy drop; }'
            """)
        let endpoint = IPAddress(v4: 0x0808_0808)
        let state = try await backend.observe(
            ObservationRequest(interfaces: ["wg0"], destinations: [endpoint], listenPorts: ["wg0": 51820]))
        #expect(state.unreadable.isEmpty)
        #expect(state.defaultRouteMTU == 1400 && state.routeMTUs == [endpoint: 1400])
        #expect(state.routerAdvertisementLinks == ["eth0"])
        #expect(state.sysctls[.acceptRouterAdvertisements("eth0")] == "1")
        #expect(state.blocks.map(\.chain) == ["ip filter FORWARD"])
    }

    @Test func writesKernelParametersAndReadsThemBack() async throws {
        try await backend.perform(.setSysctl(.ipv4Forwarding, value: "1"))
        #expect(sh("cat /proc/sys/net/ipv4/ip_forward") == "1\n")
        for (path, value) in [
            ("net/ipv4/ip_forward", "maybe"), ("net/ipv4/conf/none0/forwarding", "1"),
            ("../sys/net/ipv4/ip_forward", "0"),
            ("net//ipv4/ip_forward", "0"), ("", "0"),
        ] {
            await #expect(throws: BackendError.self, "\(path)") {
                try await backend.perform(.setSysctl(Sysctl(path), value: value))
            }
        }
        #expect(sh("cat /proc/sys/net/ipv4/ip_forward") == "1\n")
    }

    @Test func everyKindOfChangeIsAnEvent() async throws {
        let events = backend.events()
        let seen = Task {
            var seen: Set<HostEvent> = []
            for await event in events {
                seen.insert(event)
                if event == .firewall { break }
            }
            return seen
        }
        sh("ip link add eth0 type veth peer name eth1; ip link set eth0 up; ip addr add 10.0.0.1/24 dev eth0")
        sh("sysctl -qw net.ipv4.ip_forward=1; nft add table inet other")
        let found = await seen.value
        #expect(found.isSuperset(of: [.network(link: "eth0"), .network(link: "eth1"), .firewall]))
    }

    @Test func aLinkThatWasMadeAnewIsRefused() async throws {
        try await backend.perform(.createLink(.wg0))
        let state = try await backend.observe(ObservationRequest(interfaces: ["wg0"]))
        let index = try #require(state.links.first { $0.name == "wg0" }?.index)
        try await backend.perform(.deleteLink(.wg0))
        try await backend.perform(.createLink(.wg0))
        let stale = LinkReference(name: "wg0", index: index)
        let operations: [Reconciler.Operation] = [
            .configureDevice(stale, DeviceChange(listenPort: 1)), .configurePeers(stale, []),
            .setLink(stale, LinkChange(isUp: true)), .addAddress(stale, try #require(InterfaceAddress("10.0.0.1/24"))),
        ]
        for operation in operations {
            await #expect(throws: BackendError.self) { try await backend.perform(operation) }
        }
        // Deleting what is gone is success and touches nothing else.
        try await backend.perform(.deleteLink(stale))
        #expect(try await backend.observe(ObservationRequest(interfaces: ["wg0"])).devices["wg0"] != nil)
    }

    @Test func aLinkOfAnotherKindIsNoDevice() async throws {
        sh("ip link add wg0 type veth peer name other")
        let error = await #expect(throws: BackendError.self) {
            try await backend.perform(.configureDevice(.wg0, DeviceChange(listenPort: 1)))
        }
        #expect(error?.message.contains("kind 'veth'") == true)
        #expect(try await backend.observe(ObservationRequest(interfaces: ["wg0"])).devices.isEmpty)
    }

    @Test func anEventStreamEndsWithItsTask() async throws {
        let before = sh("ls /proc/\(getpid())/task | wc -l")
        for _ in 0..<10 {
            let task = Task { for await _ in makeBackend().events() {} }
            task.cancel()
            await task.value
        }
        try await Task.sleep(for: .milliseconds(300))
        let after = sh("ls /proc/\(getpid())/task | wc -l")
        let count = { (text: String) in Int(text.split { $0.isWhitespace }.first ?? "") ?? 0 }
        #expect(count(after) <= count(before) + 4)
    }
}
