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
    /// An address of the gateway with the length of its subnet.
    static var interfaceAddress: FieldType {
        FieldType(
            string: "interface-address", allowed: "an address with a prefix length, such as 10.8.0.1/24",
            hint: AddressHint.interfaceAddress
        ) { text in
            text.utf8.contains(UInt8(ascii: "/")) ? InterfaceAddress(text) : nil
        }
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
