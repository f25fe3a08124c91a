import Model

extension FieldType where Value == IPAddress {
    /// An IPv4 or IPv6 address.
    static var address: FieldType {
        FieldType(string: "address", allowed: "an IPv4 or IPv6 address", hint: AddressHint.address) { text in
            IPAddress(text)
        }
    }
}

extension FieldType where Value == InterfaceAddress {
    /// An address of the gateway with the length of its subnet: one that a host can have.
    static var interfaceAddress: FieldType {
        let written = FieldType(
            string: "interface-address", allowed: "an address with a prefix length, such as 10.8.0.1/24",
            hint: AddressHint.interfaceAddress
        ) { text in
            text.utf8.contains(UInt8(ascii: "/")) ? InterfaceAddress(text) : nil
        }
        return FieldType(schema: written.schema, allowed: written.allowed, show: written.show) { node, context in
            guard let address = written.decode(node, &context) else { return nil }
            if let fault = fault(of: address) {
                context.report(
                    node.range.start, .reservedAddress,
                    "address of \(context.objectLabel) must be an address a host can have, \(address) is \(fault.what)",
                    suggestion: fault.suggestion)
            }
            return address
        }
    }

    private static func fault(of written: InterfaceAddress) -> (what: String, suggestion: String?)? {
        let address = written.address
        if address.isMulticast { return ("a multicast address", nil) }
        if address.isLoopback { return ("a loopback address", nil) }
        if address.isUnspecified || address.family == .ipv4 && address.low >> 24 == 0 { return ("unspecified", nil) }
        if address.family == .ipv4, address.low >> 28 == 0xF { return ("reserved", nil) }
        if address.family == .ipv6, address.isLinkLocal { return ("link-local", nil) }
        let prefix = written.prefix
        guard address.family.bits - prefix.length > 1 else { return nil }
        if prefix.address == address {
            let first = address.advanced(by: 1).map { "write \($0)/\(prefix.length)" }
            return ("the network address of \(prefix)", first)
        }
        if address.family == .ipv4, prefix.last == address { return ("the broadcast address of \(prefix)", nil) }
        return nil
    }
}

extension FieldType where Value == Prefix {
    /// A prefix without host bits, or an address alone.
    static var prefix: FieldType {
        FieldType(string: "prefix", allowed: "a prefix such as 192.168.50.0/24", hint: AddressHint.prefix) { text in
            guard let written = InterfaceAddress(text), written.prefix.address == written.address else { return nil }
            return written.prefix
        }
    }
}

extension FieldType where Value == Endpoint {
    /// A host and a UDP port.
    static var endpoint: FieldType {
        FieldType(
            string: "endpoint", allowed: "host:port, such as vpn.example.com:51820 or [2001:db8::1]:51820",
            hint: AddressHint.endpoint
        ) { text in
            Endpoint(text)
        }
    }
}

extension FieldType where Value == SocketAddress {
    /// A literal address and a port, such as the one in examples and hints.
    static func socketAddress(_ port: UInt16) -> FieldType {
        FieldType(
            string: "socket-address", allowed: "address:port, such as 127.0.0.1:\(port) or [::1]:\(port)",
            hint: { text in
                if let port = UInt16(text) { return "write 127.0.0.1:\(port)" }
                return IPAddress(text).map { "write \(SocketAddress($0, port: port))" } ?? AddressHint.endpoint(text)
            }
        ) { text in Endpoint(text)?.socketAddress }
    }
}

extension FieldType where Value == Endpoint.Host {
    /// An address or a host name, without a port.
    static var host: FieldType {
        let text: @Sendable (Endpoint.Host) -> String = { host in
            switch host {
            case .address(let address): address.description
            case .name(let name): name
            }
        }
        return FieldType(string: "host", allowed: "an address or a host name without a port", text: text) { text in
            if let address = IPAddress(text) { return .address(address) }
            return HostName(text: Array(text.utf8)[...]).map { .name($0.value) }
        }
    }
}
