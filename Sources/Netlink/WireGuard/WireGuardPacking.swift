internal import CLibMnl

/// Packs the changes of a device into as few messages as the size limit allows, each ready to be sent.
///
/// Peers keep their order. A peer whose allowed IPs don't fit goes on in the next message with `WGPEER_F_UPDATE_ONLY`:
/// only its first part carries keys, endpoint and `WGPEER_F_REPLACE_ALLOWEDIPS`, and no later part can create it anew.
/// Neighbouring operations on the same public key (create and remove a throwaway peer) stay in one message if they fit
/// into one, so that the kernel carries them out without letting go of its lock.
struct WireGuardPacking {
    /// A nested attribute can't exceed 65,535 bytes; half of that also suits the kernel's allocator.
    static let messageLimit = 32_768

    /// `WGALLOWEDIP_A_FLAGS` of `<linux/wireguard.h>` since Linux 6.16, not yet in Debian 12's header.
    private static let WGALLOWEDIP_A_FLAGS = 4
    /// `WGALLOWEDIP_F_REMOVE_ME` of `<linux/wireguard.h>` since Linux 6.16, not yet in Debian 12's header.
    private static let WGALLOWEDIP_F_REMOVE_ME: UInt32 = 1 << 0

    /// Bytes of a nested header.
    private static let nestSize = 4
    /// Bytes of an allowed IP at most: its nest, family, IPv6 address, length, flags.
    private static let allowedIPSize = 4 + 8 + 20 + 8 + 8
    /// Bytes of a peer at most, without its allowed IPs but with the header of their nest.
    private static let peerSize = 4 + 36 + 36 + 8 + 32 + 8 + nestSize

    private let family: GenericFamily
    private let device: WireGuardSocket.Selector
    private let limit: Int
    private var messages: [[UInt8]] = []
    private var message: MessageBuilder
    private var peersNest: Int?

    /// The messages that carry out a configuration; one at least, even if it changes nothing.
    static func messages(
        _ configuration: WireGuardConfiguration, of device: WireGuardSocket.Selector, family: GenericFamily,
        limit: Int = messageLimit
    ) -> [[UInt8]] {
        var packing = WireGuardPacking(family, device, limit: limit)
        if let key = configuration.privateKey {
            packing.message.put(WGDEVICE_A_PRIVATE_KEY, key)
        }
        if let port = configuration.listenPort { packing.message.put(WGDEVICE_A_LISTEN_PORT, port) }
        if let mark = configuration.fwmark { packing.message.put(WGDEVICE_A_FWMARK, mark) }
        packing.append(configuration.peers)
        packing.closeMessage()
        return packing.messages
    }

    private init(_ family: GenericFamily, _ device: WireGuardSocket.Selector, limit: Int) {
        self.family = family
        self.device = device
        // At least one peer with one allowed IP must fit behind the device's own attributes.
        self.limit = max(limit, 512)
        message = Self.emptyMessage(family, device, capacity: limit)
    }

    private mutating func append(_ peers: [WireGuardPeerConfiguration]) {
        var index = 0
        while index < peers.count {
            var next = index + 1
            while next < peers.count, peers[next].publicKey == peers[index].publicKey { next += 1 }
            if next - index > 1 {
                let size = peers[index..<next].reduce(0) { $0 + Self.size(of: $1) }
                if !fits(size), size + Self.headSize <= limit { openMessage() }
            }
            for peer in peers[index..<next] { append(peer) }
            index = next
        }
    }

    private mutating func append(_ peer: WireGuardPeerConfiguration) {
        if !fits(Self.peerSize + (peer.allowedIPs.isEmpty ? 0 : Self.allowedIPSize)) { openMessage() }
        var nest = openPeer(peer.publicKey, peer.flags)
        guard !peer.flags.contains(.removeMe) else { return message.end(nest) }
        if let key = peer.presharedKey { message.put(WGPEER_A_PRESHARED_KEY, key) }
        if let endpoint = peer.endpoint { put(endpoint) }
        if let seconds = peer.persistentKeepalive {
            message.put(WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, seconds)
        }
        if !peer.allowedIPs.isEmpty {
            var list = message.begin(WGPEER_A_ALLOWEDIPS)
            for allowedIP in peer.allowedIPs {
                if !fits(Self.allowedIPSize) {
                    message.end(list)
                    message.end(nest)
                    openMessage()
                    nest = openPeer(peer.publicKey, .updateOnly)
                    list = message.begin(WGPEER_A_ALLOWEDIPS)
                }
                put(allowedIP)
            }
            message.end(list)
        }
        message.end(nest)
    }

    private mutating func openPeer(
        _ key: WireGuardKey, _ flags: WireGuardPeerConfiguration.Flags
    ) -> Int {
        if peersNest == nil { peersNest = message.begin(WGDEVICE_A_PEERS) }
        // The entries of a list are nests of type 0.
        let nest = message.begin(0)
        message.put(WGPEER_A_PUBLIC_KEY, key)
        if !flags.isEmpty { message.put(WGPEER_A_FLAGS, flags.rawValue) }
        return nest
    }

    private mutating func put(_ allowedIP: WireGuardPeerConfiguration.AllowedIP) {
        let nest = message.begin(0)
        let address = allowedIP.prefix.address
        message.put(WGALLOWEDIP_A_FAMILY, UInt16(address.family.rawValue))
        message.put(WGALLOWEDIP_A_IPADDR, address)
        message.put(WGALLOWEDIP_A_CIDR_MASK, allowedIP.prefix.length)
        if allowedIP.isRemoved { message.put(Self.WGALLOWEDIP_A_FLAGS, Self.WGALLOWEDIP_F_REMOVE_ME) }
        message.end(nest)
    }

    /// `struct sockaddr_in` with its padding, or `struct sockaddr_in6`.
    private mutating func put(_ endpoint: NetlinkEndpoint) {
        let nest = message.begin(WGPEER_A_ENDPOINT, isNested: false)
        message.append(UInt16(endpoint.address.family.rawValue))
        message.append(endpoint.port.bigEndian)
        switch endpoint.address {
        case .ipv4:
            message.append(endpoint.address)
            message.append(UInt64(0))
        case .ipv6:
            message.append(UInt32(0))
            message.append(endpoint.address)
            message.append(endpoint.scopeID)
        }
        message.end(nest)
    }

    private func fits(_ size: Int) -> Bool {
        message.bytes.count + (peersNest == nil ? Self.nestSize : 0) + size <= limit
    }

    private mutating func openMessage() {
        closeMessage()
        message = Self.emptyMessage(family, device, capacity: limit)
    }

    private mutating func closeMessage() {
        if let peersNest { message.end(peersNest) }
        peersNest = nil
        messages.append(message.finished)
    }

    /// An upper bound of the bytes of a message before its first peer: headers, the device's name and attributes.
    private static let headSize = 128

    private static func size(of peer: WireGuardPeerConfiguration) -> Int {
        peerSize + peer.allowedIPs.count * allowedIPSize
    }

    private static func emptyMessage(
        _ family: GenericFamily, _ device: WireGuardSocket.Selector, capacity: Int
    ) -> MessageBuilder {
        var message = MessageBuilder(type: Int(family.id), capacity: capacity)
        message.append(
            GenericFamily.genericHeader(
                command: UInt8(WG_CMD_SET_DEVICE.rawValue), version: UInt8(WG_GENL_VERSION)))
        device.put(into: &message)
        return message
    }
}
