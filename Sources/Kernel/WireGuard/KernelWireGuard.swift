import Glibc
import Model
import Netlink
import Reconciler

/// WireGuard devices of the kernel module, through generic netlink. Every call blocks; use it from one thread at a time.
final class KernelWireGuard: WireGuardImplementation {
    private let links: RouteSocket
    private let devices: WireGuardSocket
    /// Whether the kernel knows `WGALLOWEDIP_F_REMOVE_ME`; nil until it was asked to do it.
    private var removesSingleIPs: Bool?
    private var support: (answer: Bool, since: ContinuousClock.Instant)?

    init(links: RouteSocket, devices: WireGuardSocket) {
        self.links = links
        self.devices = devices
    }

    /// Whether the kernel offers WireGuard; asking makes it load the module.
    ///
    /// A no is asked again after a minute, not in each pass: every time the kernel starts modprobe for it.
    func isSupported() throws(BackendError) -> Bool {
        if let support, support.answer || support.since.duration(to: .now) < .seconds(60) { return support.answer }
        do throws(NetlinkError) {
            try devices.checkSupport()
            support = (true, .now)
        } catch  where error.isNotSupported {
            support = (false, .now)
        } catch {
            throw BackendError(error)
        }
        return support?.answer ?? false
    }

    func observe(_ name: String) throws(BackendError) -> ObservedDevice? {
        do throws(NetlinkError) {
            return Self.observed(try devices.device(.name(name)))
        } catch {
            // Gone, or a link of another kind by now.
            if error.errno == ENODEV || error.errno == EOPNOTSUPP { return nil }
            throw BackendError(error)
        }
    }

    func configure(_ name: String, _ change: DeviceChange) throws(BackendError) {
        let configuration = WireGuardConfiguration(
            privateKey: change.privateKey?.netlink, listenPort: change.listenPort, fwmark: change.fwmark)
        do throws(NetlinkError) {
            try devices.setDevice(.name(name), configuration)
        } catch  where error.errno == EADDRINUSE {
            let port = change.listenPort.map { "UDP port \($0)" } ?? "the UDP port"
            throw BackendError(
                .transient, "\(port) of \(name) is in use; free it (ss -ulpn) or choose another listen_port")
        } catch {
            throw BackendError(error)
        }
    }

    func configurePeers(_ name: String, _ operations: [PeerOperation]) throws(BackendError) {
        let removesIPs = operations.contains { $0.action != .remove && !$0.removeAllowedIPs.isEmpty }
        let keepalives = try keepalives(of: name, operations)
        do throws(NetlinkError) {
            let useFlag = removesSingleIPs ?? true
            try send(operations, to: name, useFlag ? .flag : .throwaway(Self.randomKey()), keepalives)
            if removesIPs { removesSingleIPs = useFlag }
        } catch  where removesIPs && removesSingleIPs == nil && error.errno == EINVAL {
            // Before 6.16 the kernel refuses the attribute. What it did of the message until then is done once more.
            try asking { () throws(NetlinkError) in
                try send(operations, to: name, .throwaway(Self.randomKey()), keepalives)
            }
            removesSingleIPs = false
        } catch {
            throw BackendError(error)
        }
    }

    func create(_ creation: LinkCreation) throws(BackendError) {
        do throws(NetlinkError) {
            _ = try links.addLink(
                named: creation.name, kind: .wireguard, mtu: UInt32(clamping: creation.mtu), alias: LinkMark.text)
        } catch  where error.isNotSupported {
            throw BackendError(
                .terminal,
                "the kernel has no WireGuard for \(creation.name); load its module (modprobe wireguard) "
                    + "or set backend: userspace")
        } catch  where error.isAlreadyExisting {
            throw BackendError(.terminal, "a link named \(creation.name) exists already; rename one of the two")
        } catch {
            throw BackendError(error)
        }
    }

    func delete(_ name: String) throws(BackendError) {
        try tolerating(\.isNotFound) { () throws(NetlinkError) in
            try links.deleteLink(index: links.link(named: name).index)
        }
    }

    private func send(
        _ operations: [PeerOperation], to name: String, _ removal: PeerMessages.Removal,
        _ keepalives: [PublicKey: UInt16]
    ) throws(NetlinkError) {
        let peers = PeerMessages.peers(of: operations, removal: removal) { keepalives[$0] ?? 0 }
        try devices.setDevice(.name(name), WireGuardConfiguration(peers: peers))
    }

    /// The intervals to go back to after waking, read only when an operation wakes without naming one.
    private func keepalives(
        of name: String, _ operations: [PeerOperation]
    ) throws(BackendError) -> [PublicKey: UInt16] {
        let isNeeded = operations.contains { $0.wake && $0.action != .remove && $0.persistentKeepalive == nil }
        guard isNeeded else { return [:] }
        let device = try asking { () throws(NetlinkError) in try devices.device(.name(name)) }
        return Dictionary(device.peers.lazy.map { (PublicKey($0.publicKey), $0.persistentKeepalive) }) { $1 }
    }

    private static func randomKey() -> WireGuardKey {
        var generator = SystemRandomNumberGenerator()
        return WireGuardKey(words: (generator.next(), generator.next(), generator.next(), generator.next()))
    }

    private static func observed(_ device: WireGuardDevice) -> ObservedDevice {
        ObservedDevice(
            implementation: .kernel, privateKey: device.privateKey.map { SecretKey($0) },
            publicKey: device.publicKey.map { PublicKey($0) }, listenPort: device.listenPort, fwmark: device.fwmark,
            peers: device.peers.map(observed))
    }

    private static func observed(_ peer: WireGuardPeer) -> ObservedPeer {
        var allowedIPs = peer.allowedIPs.map { Prefix($0) }
        if allowedIPs.count > 1 { allowedIPs.sort() }
        let hasHandshake = peer.lastHandshakeSeconds != 0 || peer.lastHandshakeNanoseconds != 0
        return ObservedPeer(
            publicKey: PublicKey(peer.publicKey), presharedKey: peer.presharedKey.map { SecretKey($0) },
            endpoint: peer.endpoint.map { SocketAddress($0) }, persistentKeepalive: peer.persistentKeepalive,
            allowedIPs: allowedIPs,
            lastHandshake: hasHandshake ? Timestamp(seconds: peer.lastHandshakeSeconds) : nil,
            receivedBytes: peer.receivedBytes, sentBytes: peer.sentBytes)
    }
}
