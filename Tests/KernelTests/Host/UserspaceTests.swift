import Foundation
import Model
import Reconciler
import Testing

@testable import Kernel

/// The backend with a real wireguard-go.
@Suite(.inNamespace, .enabled(if: mayMakeNamespaces, "needs root: network namespaces and wireguard-go"), .serialized)
struct UserspaceTests {
    private let backend = makeBackend()

    private func observe(_ names: String...) async throws -> ObservedState {
        try await backend.observe(ObservationRequest(interfaces: names))
    }

    @Test func createsConfiguresReadsBackAndDeletes() async throws {
        let (secret, key) = try makeKey()
        try await backend.perform(.createLink(.wg0))
        var state = try await observe("wg0")
        #expect(state.unreadable.isEmpty)
        let link = try #require(state.links.first { $0.name == "wg0" })
        #expect(link.kind == "tun" && link.mtu == 1420 && !link.isUp && link.isMarked)
        #expect(state.devices["wg0"]?.implementation == .userspace)
        #expect(state.devices["wg0"]?.privateKey == nil)

        let reference = LinkReference(name: "wg0", index: link.index)
        let change = DeviceChange(privateKey: secret, listenPort: 51820, fwmark: 77)
        try await backend.perform(.configureDevice(reference, change))
        try await backend.perform(.addAddress(reference, try #require(InterfaceAddress("10.8.0.1/24"))))
        try await backend.perform(.setLink(reference, LinkChange(mtu: 1380, isUp: true)))
        let peer = try makeKey()
        try await backend.perform(
            .configurePeers(
                reference,
                [
                    PeerOperation(
                        .add, publicKey: peer.key, presharedKey: .key(peer.secret),
                        endpoint: SocketAddress(IPAddress(v4: 0xC000_0209), port: 7), persistentKeepalive: 21,
                        addAllowedIPs: prefixes("10.8.0.2/32", "fd42:8::2/128", "192.168.7.0/24"))
                ]))
        state = try await observe("wg0")
        let device = try #require(state.devices["wg0"])
        #expect(device.privateKey == secret && device.publicKey == key)
        #expect(device.listenPort == 51820 && device.fwmark == 77)
        let found = try #require(device.peers.first)
        #expect(device.peers.count == 1)
        #expect(found.publicKey == peer.key && found.presharedKey == peer.secret)
        #expect(found.endpoint?.description == "192.0.2.9:7" && found.persistentKeepalive == 21)
        #expect(found.allowedIPs == prefixes("10.8.0.2/32", "192.168.7.0/24", "fd42:8::2/128"))
        #expect(state.links.first { $0.name == "wg0" }?.addresses.map(\.description) == ["10.8.0.1/24"])
        #expect(userspacePrograms().count == 1)

        try await backend.perform(.deleteLink(reference))
        try await backend.perform(.deleteLink(reference))
        #expect(try await observe("wg0").links.map(\.name) == ["lo"])
        #expect(userspacePrograms() == [])
        #expect(sh("ls /run/wireguard") == "")
    }

    @Test func changesLeaveEverythingElseOfAPeer() async throws {
        try await backend.perform(.createLink(.wg0))
        let (first, second) = (try makeKey().key, try makeKey().key)
        try await backend.perform(
            .configurePeers(
                .wg0,
                [
                    PeerOperation(
                        .add, publicKey: first, endpoint: SocketAddress(IPAddress(v4: 0x7F00_0001), port: 9),
                        persistentKeepalive: 33, addAllowedIPs: prefixes("10.8.0.2/32", "10.1.0.0/16", "10.2.0.0/16")),
                    PeerOperation(.add, publicKey: second, addAllowedIPs: prefixes("10.8.0.3/32")),
                ]))
        // One prefix goes away, one moves to the other peer; an update of an unknown peer makes none.
        try await backend.perform(
            .configurePeers(
                .wg0,
                [
                    PeerOperation(
                        .update, publicKey: first, removeAllowedIPs: prefixes("10.1.0.0/16"), wake: true),
                    PeerOperation(.update, publicKey: second, addAllowedIPs: prefixes("10.2.0.0/16")),
                    PeerOperation(.update, publicKey: try makeKey().key, persistentKeepalive: 1),
                ]))
        var peers = try #require(try await observe("wg0").devices["wg0"]).peers
        #expect(peers.count == 2)
        var peer = try #require(peers.first { $0.publicKey == first })
        #expect(peer.allowedIPs == prefixes("10.8.0.2/32"))
        #expect(peer.persistentKeepalive == 33 && peer.endpoint?.port == 9)
        peer = try #require(peers.first { $0.publicKey == second })
        #expect(peer.allowedIPs == prefixes("10.2.0.0/16", "10.8.0.3/32"))
        try await backend.perform(.configurePeers(.wg0, [PeerOperation(.remove, publicKey: first)]))
        peers = try #require(try await observe("wg0").devices["wg0"]).peers
        #expect(peers.map(\.publicKey) == [second])
    }

    @Test func theProgramOutlivesUsAndIsFoundAgain() async throws {
        try await backend.perform(.createLink(.wg0))
        let program = try #require(userspacePrograms().first)
        // A session of its own, nothing of ours open, no directory of ours, no secret of our environment.
        #expect(sh("ps -o sid= -p \(program)").split { $0.isWhitespace } == [Substring(program)])
        #expect(sh("readlink /proc/\(program)/cwd").hasPrefix("/\n"))
        #expect(!sh("tr '\\0' '\\n' < /proc/\(program)/environ").contains(NamespaceTrait.mark))
        let descriptors = sh("ls -l /proc/\(program)/fd | grep -- '->' | sed 's/.*-> //' | sort -u")
        let allowed = ["/dev/null", "/memfd:", "socket:", "anon_inode:", "/dev/net/tun", "pipe:"]
        for line in descriptors.split(separator: "\n") {
            #expect(allowed.contains { line.hasPrefix($0) }, "\(line)")
        }
        let next = makeBackend()
        let state = try await next.observe(ObservationRequest(interfaces: ["wg0"]))
        #expect(state.devices["wg0"] != nil)
        try await next.perform(.configureDevice(.wg0, DeviceChange(listenPort: 4321)))
        #expect(try await observe("wg0").devices["wg0"]?.listenPort == 4321)
        #expect(userspacePrograms() == [program])
    }

    @Test func theEndOfTheProgramIsAnEventAndLeavesNoZombie() async throws {
        let events = backend.events()
        try await backend.perform(.createLink(.wg0))
        let program = try #require(userspacePrograms().first)
        sh("kill -9 \(program)")
        let clock = ContinuousClock()
        let start = clock.now
        for await event in events where event == .userspaceEnded(link: "wg0") { break }
        #expect(clock.now - start < .seconds(1))
        #expect(!FileManager.default.fileExists(atPath: "/proc/\(program)"))
        // The stale socket is no obstacle.
        #expect(FileManager.default.fileExists(atPath: "/run/wireguard/wg0.sock"))
        #expect(try await observe("wg0").devices.isEmpty)
        try await backend.perform(.createLink(.wg0))
        #expect(try await observe("wg0").devices["wg0"] != nil)
    }

    @Test func deletingTheLinkByHandEndsTheProgramAndTheNextOneStarts() async throws {
        for _ in 0..<5 {
            try await backend.perform(.createLink(.wg0))
            sh("ip link del wg0")
            let clock = ContinuousClock()
            let start = clock.now
            try await backend.perform(.createLink(.wg0))
            #expect(clock.now - start < .seconds(2))
            #expect(try await observe("wg0").devices["wg0"] != nil)
            try await backend.perform(.deleteLink(.wg0))
        }
        #expect(userspacePrograms() == [])
    }

    @Test func aSocketOfAnotherNamespaceIsNeverOurs() async throws {
        // wireguard-go of another namespace, with a link of the same name; also one that went to the background.
        for start in ["WG_PROCESS_FOREGROUND=1 wireguard-go wg0 & sleep 0.5", "wireguard-go wg0"] {
            sh("ip netns add other; ip netns exec other bash -c '\(start)' > /run/log 2>&1")
            sh("ip tuntap add wg0 mode tun")
            let state = try await observe("wg0")
            #expect(state.devices.isEmpty)
            #expect(state.unreadable.map(\.part) == [.device("wg0")])
            #expect(state.unreadable.first?.reason.contains("another network namespace") == true)
            await #expect(throws: BackendError.self) {
                try await backend.perform(.configureDevice(.wg0, DeviceChange(listenPort: 1)))
            }
            sh("ip link del wg0")
            let error = await #expect(throws: BackendError.self) { try await backend.perform(.createLink(.wg0)) }
            #expect(error?.message.contains("another network namespace") == true)
            #expect(sh("ip netns exec other ip link show wg0").contains("wg0"))
            sh("ip -n other link del wg0; sleep 0.3; ip netns del other")
        }
    }

    @Test func aProgramThatWentToTheBackgroundIsOurs() async throws {
        sh("wireguard-go wg0 > /run/log 2>&1")
        let events = backend.events()
        let state = try await observe("wg0")
        #expect(state.unreadable.isEmpty)
        #expect(state.devices["wg0"] != nil)
        let program = try #require(userspacePrograms().first)
        sh("kill \(program)")
        for await event in events where event == .userspaceEnded(link: "wg0") { break }
    }

    @Test func aTunnelOfAnotherProgramIsNoDevice() async throws {
        sh("ip tuntap add wg0 mode tun")
        let state = try await observe("wg0")
        #expect(state.links.contains { $0.name == "wg0" } && state.devices.isEmpty && state.unreadable.isEmpty)
        let error = await #expect(throws: BackendError.self) { try await backend.perform(.createLink(.wg0)) }
        #expect(error?.message.contains("a link of that name exists") == true)
    }

    @Test func aProgramThatFailsSaysWhy() async throws {
        let missing = await #expect(throws: BackendError.self) {
            try await makeBackend(program: "no-such-program").perform(.createLink(.wg0))
        }
        #expect(missing?.message.contains("install the package wireguard-go") == true)
        sh("printf '#!/bin/sh\\necho something is wrong >&2\\nexit 3\\n' > /run/bad; chmod +x /run/bad")
        let bad = await #expect(throws: BackendError.self) {
            try await makeBackend(program: "/run/bad").perform(.createLink(.wg0))
        }
        #expect(bad?.message.hasSuffix("something is wrong") == true)
        sh("mount -t tmpfs tmpfs /dev")
        let noDevice = await #expect(throws: BackendError.self) { try await backend.perform(.createLink(.wg0)) }
        #expect(noDevice?.message.contains("/dev/net/tun is missing") == true)
    }

    @Test func aPortThatIsTakenIsWorthAnotherTry() async throws {
        for name in ["wg0", "wg1"] {
            let creation = LinkCreation(name: name, implementation: .userspace, mtu: 1420)
            try await backend.perform(.createLink(creation))
            let reference = LinkReference(name: name, index: nil)
            try await backend.perform(.setLink(reference, LinkChange(isUp: true)))
            let configure: () async throws -> Void = {
                try await backend.perform(
                    .configureDevice(reference, DeviceChange(privateKey: try makeKey().secret, listenPort: 51820)))
            }
            if name == "wg0" {
                try await configure()
            } else {
                let error = await #expect(throws: BackendError.self) { try await configure() }
                #expect(error?.kind == .transient)
                #expect(error?.message.contains("51820") == true)
            }
        }
    }

    @Test func tenThousandPeersGoInOneMessage() async throws {
        try await backend.perform(.createLink(.wg0))
        var generator = SplitMix(state: 3)
        let operations = (0..<10_000).map { index in
            PeerOperation(
                .add,
                publicKey: PublicKey(words: (generator.next(), generator.next(), generator.next(), generator.next())),
                addAllowedIPs: [
                    Prefix(host: IPAddress(v4: 0x0A08_0000 + UInt32(index))),
                    Prefix(host: IPAddress(v6: 0xFD42_0008_0000_0000, UInt64(index))),
                ])
        }
        let clock = ContinuousClock()
        let write = try await clock.measure { try await backend.perform(.configurePeers(.wg0, operations)) }
        var state: ObservedState?
        let read = try await clock.measure { state = try await observe("wg0") }
        let dump = clock.measure { sh("wg show wg0 dump > /run/dump") }
        print("10,000 peers: written in \(write), read in \(read), wg show dump \(dump)")
        #expect(state?.devices["wg0"]?.peers.count == 10_000)
    }
}
