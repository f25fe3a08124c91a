import DNSPolicy
import Model
import Synchronization
import Testing

@testable import DNSForwarder

/// Devices and addresses that come, go and come back, with a client in another namespace.
@Suite(.inNamespace, .enabled(if: mayMakeNamespaces, "SKIPPED: namespaces need root")) struct ForwarderDeviceTests {
    private static let port: UInt16 = 5353

    private func setup(_ listen: [String]) throws -> TestForwarder.Setup {
        var setup = TestForwarder.Setup(rules: ["||new.example^$dnsrewrite=192.0.2.9"])
        setup.listen = Set(
            try listen.map { ListenAddress(address: try #require(IPAddress($0)), port: Self.port, device: "dns0") })
        setup.peers = [
            PolicyPeer(
                interface: "dns0", name: "me",
                allowedIPs: ["10.9.0.2/32", "fd09::2/128", "fe80::/10"].compactMap { Prefix($0) },
                isFiltered: true, blocklists: nil)
        ]
        return setup
    }

    private func addDevice() {
        #expect(
            shell(
                "ip link add dns0 type veth peer name eth0 netns client && ip link set dns0 up && "
                    + "ip -n client addr add 10.9.0.2/24 dev eth0 && ip -n client addr add fd09::2/64 dev eth0 nodad && "
                    + "ip -n client link set eth0 up"))
    }

    /// Whether a client in the other namespace is answered.
    private func isAnswered(_ server: String, _ options: String = "", by source: String? = nil) -> Bool {
        shell(
            "ip netns exec client dig @\(server) -p \(Self.port) new.example +short +tries=1 +time=1 \(options) "
                + "\(source.map { "-b \($0)" } ?? "") | grep -qx 192.0.2.9")
    }

    private func waits(_ forwarder: Forwarder, _ reason: String) async throws -> Bool {
        try await eventually { forwarder.listeners.map(\.state) == [.waiting(reason: reason)] }
    }

    private func listens(_ forwarder: Forwarder) async throws -> Bool {
        try await eventually { forwarder.listeners.allSatisfy { $0.state == .listening } }
    }

    @Test func listenersFollowDevicesAndAddresses() async throws {
        #expect(shell("ip netns add client"))
        let forwarder = Forwarder(clock: TestForwarder.Clock(), logger: .silent) { _ in }
        forwarder.apply(try setup(["10.9.0.1"]).configuration())
        let task = Task { try await forwarder.run() }
        #expect(try await waits(forwarder, "there is no interface dns0 yet"))
        addDevice()
        #expect(try await waits(forwarder, "dns0 has no address 10.9.0.1 yet"))
        #expect(shell("ip addr add 10.9.0.1/24 dev dns0"))
        #expect(try await listens(forwarder))
        #expect(isAnswered("10.9.0.1"))
        #expect(isAnswered("10.9.0.1", "+tcp"))

        // Made anew between two looks: the name and address are the same, the device is not.
        #expect(shell("ip link del dns0"))
        addDevice()
        #expect(shell("ip addr add 10.9.0.1/24 dev dns0"))
        #expect(try await eventually { isAnswered("10.9.0.1") })
        #expect(isAnswered("10.9.0.1", "+tcp"))

        #expect(shell("ip addr del 10.9.0.1/24 dev dns0"))
        #expect(try await waits(forwarder, "dns0 has no address 10.9.0.1 yet"))
        #expect(shell("ip addr add 10.9.0.1/24 dev dns0"))
        #expect(try await listens(forwarder))
        #expect(isAnswered("10.9.0.1"))
        task.cancel()
        try await task.value
        #expect(shell("! ss -Hlntu | grep -q :\(Self.port)"))
    }

    /// An IPv6 address is usable only when no other host has it, which the kernel looks at for a second or two.
    @Test func addressesOfIPv6() async throws {
        #expect(shell("ip netns add client"))
        addDevice()
        #expect(shell("ip addr add fd09::1/64 dev dns0 && ip addr add fe80::53/64 dev dns0"))
        let forwarder = Forwarder(clock: TestForwarder.Clock(), logger: .silent) { _ in }
        forwarder.apply(try setup(["fd09::1", "fe80::53"]).configuration())
        let task = Task { try await forwarder.run() }
        #expect(try await listens(forwarder))
        #expect(isAnswered("fd09::1"))
        #expect(isAnswered("fd09::1", "+tcp"))
        #expect(isAnswered("fe80::53%eth0"))
        #expect(isAnswered("fe80::53%eth0", "+tcp"))
        task.cancel()
        try await task.value
    }

    /// The address of the tunnel asked from another network, with the source of a peer: nobody answers.
    @Test func otherDevicesAreNotAnswered() async throws {
        #expect(shell("ip netns add client"))
        addDevice()
        #expect(
            shell(
                "ip addr add 10.9.0.1/24 dev dns0 && ip netns add lan && "
                    + "ip link add lan0 type veth peer name eth0 netns lan && ip link set lan0 up && "
                    + "ip addr add 192.168.7.1/24 dev lan0 && sysctl -qw net.ipv4.conf.all.rp_filter=0 "
                    + "net.ipv4.conf.lan0.rp_filter=0 && ip -n lan addr add 10.9.0.2/24 dev eth0 && "
                    + "ip -n lan link set eth0 up && ip route add 10.9.0.2/32 dev lan0"))
        let forwarder = Forwarder(clock: TestForwarder.Clock(), logger: .silent) { _ in }
        forwarder.apply(try setup(["10.9.0.1"]).configuration())
        let task = Task { try await forwarder.run() }
        #expect(try await listens(forwarder))
        let dig = "ip netns exec lan dig @10.9.0.1 -p \(Self.port) new.example +short +tries=1 +time=1"
        // It does reach this host.
        #expect(shell("ip netns exec lan ping -qc1 -W2 10.9.0.1 >/dev/null"))
        #expect(!shell("\(dig) | grep -q 192.0.2.9"))
        #expect(!shell("\(dig) +tcp | grep -q 192.0.2.9"))
        #expect(forwarder.counters.queries == 0)
        #expect(shell("ip route del 10.9.0.2/32 dev lan0"))
        #expect(isAnswered("10.9.0.1"))
        task.cancel()
        try await task.value
    }

    /// Two tunnels with a peer of the same address in each.
    @Test func equalAddressesAreToldApart() async throws {
        #expect(shell("ip netns add client && ip netns add other"))
        addDevice()
        #expect(
            shell(
                "ip addr add 10.9.0.1/24 dev dns0 && ip link add dns1 type veth peer name eth0 netns other && "
                    + "ip link set dns1 up && ip addr add 10.9.1.1/24 dev dns1 && "
                    + "ip -n other addr add 10.9.0.2/24 dev eth0 && ip -n other link set eth0 up && "
                    + "ip -n other route add 10.9.1.1/32 dev eth0 && sysctl -qw net.ipv4.conf.all.rp_filter=0 "
                    + "net.ipv4.conf.dns1.rp_filter=0"))
        var setup = try setup(["10.9.0.1"])
        setup.rules = [
            "||new.example^$client=dns0/me,dnsrewrite=192.0.2.9", "||new.example^$client=dns1/me,dnsrewrite=192.0.2.10",
        ]
        setup.peers.append(
            PolicyPeer(
                interface: "dns1", name: "me", allowedIPs: ["10.9.0.2/32"].compactMap { Prefix($0) },
                isFiltered: true, blocklists: nil))
        setup.listen.insert(
            ListenAddress(address: try #require(IPAddress("10.9.1.1")), port: Self.port, device: "dns1"))
        let rows = Mutex<[QueryLogRow]>([])
        let forwarder = Forwarder(clock: TestForwarder.Clock(), logger: .silent) { query in
            rows.withLock { $0.append(query.row) }
        }
        forwarder.apply(try setup.configuration())
        let task = Task { try await forwarder.run() }
        #expect(try await listens(forwarder))
        for options in ["", "+tcp"] {
            #expect(isAnswered("10.9.0.1", options))
            let dig = "ip netns exec other dig @10.9.1.1 -p \(Self.port) new.example +short +tries=1 +time=1 \(options)"
            #expect(shell("\(dig) | grep -qx 192.0.2.10"))
        }
        let asked = rows.withLock { $0.map(\.client) }
        #expect(asked == ["dns0/me", "dns1/me", "dns0/me", "dns1/me"])
        task.cancel()
        try await task.value
    }
}
