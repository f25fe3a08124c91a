internal import CLibMnl

extension WireGuardDevice {
    // wg show NAME dump
    static func getRequest(_ family: GenericFamily, _ device: WireGuardSocket.Selector) -> MessageBuilder {
        var request = MessageBuilder(type: Int(family.id))
        request.append(
            GenericFamily.genericHeader(
                command: UInt8(WG_CMD_GET_DEVICE.rawValue), version: UInt8(WG_GENL_VERSION)))
        device.put(into: &request)
        return request
    }

    /// Adds one message of a dump. A peer whose allowed IPs didn't fit goes on at the start of the next message, with
    /// its public key and the rest of them only.
    mutating func merge(_ message: Message, in bytes: RawSpan) throws(NetlinkError) {
        try message.require(GenericFamily.headerLength, "a WireGuard device")
        var attributes = message.attributes(after: GenericFamily.headerLength)
        while let attribute = try attributes.next(in: bytes) {
            switch attribute.type {
            case WGDEVICE_A_IFINDEX: index = try attribute.integer(in: bytes)
            case WGDEVICE_A_IFNAME: name = attribute.string(in: bytes)
            case WGDEVICE_A_PRIVATE_KEY: privateKey = try attribute.key(in: bytes)
            case WGDEVICE_A_PUBLIC_KEY: publicKey = try attribute.key(in: bytes)
            case WGDEVICE_A_LISTEN_PORT: listenPort = try attribute.integer(in: bytes)
            case WGDEVICE_A_FWMARK: fwmark = try attribute.integer(in: bytes)
            case WGDEVICE_A_PEERS:
                var entries = attribute.nested
                while let entry = try entries.next(in: bytes) { try mergePeer(entry, in: bytes) }
            default: break
            }
        }
    }

    private mutating func mergePeer(_ entry: Attribute, in bytes: RawSpan) throws(NetlinkError) {
        guard let key = try WireGuardPeer.publicKey(of: entry, in: bytes) else {
            throw .malformed("a WireGuard peer without a public key")
        }
        if peers.last?.publicKey != key { peers.append(WireGuardPeer(publicKey: key)) }
        try peers[peers.count - 1].merge(entry, in: bytes)
    }
}

extension WireGuardPeer {
    static func publicKey(of entry: Attribute, in bytes: RawSpan) throws(NetlinkError) -> WireGuardKey? {
        var attributes = entry.nested
        while let attribute = try attributes.next(in: bytes) {
            if WGPEER_A_PUBLIC_KEY ~= attribute.type {
                try attribute.require(WireGuardKey.byteCount)
                return WireGuardKey(loading: bytes, at: attribute.start)
            }
        }
        return nil
    }

    mutating func merge(_ entry: Attribute, in bytes: RawSpan) throws(NetlinkError) {
        var attributes = entry.nested
        while let attribute = try attributes.next(in: bytes) {
            switch attribute.type {
            case WGPEER_A_PRESHARED_KEY: presharedKey = try attribute.key(in: bytes)
            case WGPEER_A_ENDPOINT: endpoint = try attribute.endpoint(in: bytes)
            case WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL: persistentKeepalive = try attribute.integer(in: bytes)
            case WGPEER_A_LAST_HANDSHAKE_TIME:
                // struct __kernel_timespec
                try attribute.require(16)
                lastHandshakeSeconds = bytes.load(at: attribute.start)
                lastHandshakeNanoseconds = bytes.load(at: attribute.start + 8)
            case WGPEER_A_RX_BYTES: receivedBytes = try attribute.integer(in: bytes)
            case WGPEER_A_TX_BYTES: sentBytes = try attribute.integer(in: bytes)
            case WGPEER_A_PROTOCOL_VERSION: protocolVersion = try attribute.integer(in: bytes)
            case WGPEER_A_ALLOWEDIPS:
                var entries = attribute.nested
                while let entry = try entries.next(in: bytes) {
                    if let prefix = try entry.allowedIP(in: bytes) { allowedIPs.append(prefix) }
                }
            default: break
            }
        }
    }
}

extension WireGuardKey {
    /// Reads 32 bytes that the caller has checked to be there.
    init(loading bytes: RawSpan, at offset: Int) {
        self.init(
            words: (
                bytes.load(at: offset), bytes.load(at: offset + 8), bytes.load(at: offset + 16),
                bytes.load(at: offset + 24)
            ))
    }
}

extension Attribute {
    /// Reads a key; nil for the zero key, by which the kernel means none.
    fileprivate func key(in bytes: RawSpan) throws(NetlinkError) -> WireGuardKey? {
        try require(WireGuardKey.byteCount)
        let key = WireGuardKey(loading: bytes, at: start)
        return key.isZero ? nil : key
    }

    /// Reads `struct sockaddr_in` or `struct sockaddr_in6`; nil for another family.
    fileprivate func endpoint(in bytes: RawSpan) throws(NetlinkError) -> NetlinkEndpoint? {
        try require(4)
        let port = UInt16(bigEndian: bytes.load(at: start + 2))
        switch NetlinkFamily(rawValue: UInt8(truncatingIfNeeded: bytes.load(UInt16.self, at: start))) {
        case .ipv4:
            try require(16)
            return NetlinkEndpoint(address: .ipv4(UInt32(bigEndian: bytes.load(at: start + 4))), port: port)
        case .ipv6:
            try require(28)
            let address = NetlinkAddress.ipv6(
                UInt64(bigEndian: bytes.load(at: start + 8)), UInt64(bigEndian: bytes.load(at: start + 16)))
            return NetlinkEndpoint(address: address, port: port, scopeID: bytes.load(at: start + 24))
        case nil: return nil
        }
    }

    /// Reads the nested `WGALLOWEDIP_A_*`; nil for a family we don't know.
    fileprivate func allowedIP(in bytes: RawSpan) throws(NetlinkError) -> NetlinkPrefix? {
        var family: UInt16 = 0
        var address: NetlinkAddress?
        var length: UInt8?
        var attributes = nested
        while let attribute = try attributes.next(in: bytes) {
            switch attribute.type {
            case WGALLOWEDIP_A_FAMILY: family = try attribute.integer(in: bytes)
            case WGALLOWEDIP_A_IPADDR: address = try attribute.address(in: bytes)
            case WGALLOWEDIP_A_CIDR_MASK: length = try attribute.integer(in: bytes)
            default: break
            }
        }
        guard let known = NetlinkFamily(rawValue: UInt8(truncatingIfNeeded: family)) else { return nil }
        guard let address, let length, address.family == known, length <= known.bitWidth else {
            throw .malformed("an allowed IP whose family, address and prefix length don't agree")
        }
        return NetlinkPrefix(address, length: length)
    }
}
