import Model

extension FieldType where Value == DNSUpstream {
    /// A resolver that is asked.
    static var dnsUpstream: FieldType {
        FieldType(
            string: "dns-upstream",
            allowed: "a resolver: IP@PORT#NAME for DNS over TLS, udp://IP:PORT or tcp://IP:PORT", hint: hint
        ) { text in
            guard let upstream = DNSUpstream(text), !upstream.address.isUnspecified, !upstream.address.isMulticast
            else {
                return nil
            }
            return upstream
        }
    }

    private static let hint: @Sendable (String) -> String? = { text in
        if let address = IPAddress(text) {
            let plain = SocketAddress(address, port: 53)
            return "write \(address)@853#<the name in its certificate>, or udp://\(plain) for plain DNS"
        }
        if let place = Endpoint(text)?.socketAddress { return "write udp://\(place) for plain DNS" }
        let parts = text.split(separator: "#", omittingEmptySubsequences: false)
        if parts.count == 2, let address = IPAddress(String(parts[0])) { return "write \(address)@853#\(parts[1])" }
        for scheme in ["udp", "tcp"] where text.hasPrefix("\(scheme)://") {
            guard let address = IPAddress(String(text.dropFirst(6))) else { continue }
            return "write \(scheme)://\(SocketAddress(address, port: 53))"
        }
        if text.hasPrefix("https://") || text.hasPrefix("h3://") || text.hasPrefix("quic://") {
            return "resolvers are asked by DNS over TLS: IP@853#NAME"
        }
        return nil
    }
}

extension FieldType where Value == DNSSettings.Listen {
    /// `interfaces` or a list of addresses with ports.
    static var dnsListen: FieldType {
        let addresses = FieldType<[SocketAddress]>.list(
            "socket-address", of: .socketAddress(53), "addresses with a port", minimum: 1)
        let allowed = "interfaces or a list of addresses with a port"
        let schema = JSONValue.object([
            ("anyOf", .array([.object([("const", .string("interfaces"))]), addresses.schema]))
        ])
        let show: @Sendable (DNSSettings.Listen) -> JSONValue = { listen in
            switch listen {
            case .interfaces: .string("interfaces")
            case .addresses(let list): addresses.show(list)
            }
        }
        return FieldType(schema: schema, allowed: allowed, show: show) { node, context in
            if case .scalar(let scalar) = node.content, scalar.value == .string {
                if scalar.text == "interfaces" { return .interfaces }
                if !scalar.text.utf8.contains(UInt8(ascii: ":")) {
                    context.invalid(
                        node, allowed: allowed,
                        suggestion: Spelling.closest(to: scalar.text, in: ["interfaces"])
                            .map { "did you mean \"\($0)\"?" })
                    return nil
                }
            }
            return addresses.decode(node, &context).map { .addresses($0) }
        }
    }
}

extension FieldType where Value == DNSSettings.Blocking.Mode {
    /// One of the words, or a list of addresses.
    static var blockingMode: FieldType {
        let addresses = FieldType<[IPAddress]>.list("address", of: .address, "addresses", minimum: 1)
        let words: [(text: String, mode: DNSSettings.Blocking.Mode)] = [
            ("null_ip", .nullIP), ("nxdomain", .nxdomain), ("nodata", .nodata), ("refused", .refused),
        ]
        let names = words.map(\.text)
        let allowed = names.joined(separator: ", ") + " or a list of addresses"
        let schema = JSONValue.object([
            ("anyOf", .array([.object([("enum", .array(names.map(JSONValue.string)))]), addresses.schema]))
        ])
        let show: @Sendable (DNSSettings.Blocking.Mode) -> JSONValue = { mode in
            if case .addresses(let list) = mode { return addresses.show(list) }
            return .optional(words.first { $0.mode == mode }?.text)
        }
        return FieldType(schema: schema, allowed: allowed, show: show) { node, context in
            if case .scalar(let scalar) = node.content, scalar.value == .string {
                if let word = words.first(where: { $0.text == scalar.text }) { return word.mode }
                if !scalar.text.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }) {
                    context.invalid(
                        node, allowed: allowed,
                        suggestion: Spelling.closest(to: scalar.text, in: names).map { "did you mean \"\($0)\"?" })
                    return nil
                }
            }
            return addresses.decode(node, &context).map { .addresses($0) }
        }
    }
}

extension FieldType where Value == Int64 {
    /// A number of bytes.
    static func size(_ range: ClosedRange<Int64>, _ text: String) -> FieldType {
        FieldType(
            string: "size", allowed: "a size \(text), such as 500MB or 2GB",
            hint: { text in
                let word = text.uppercased().filter { $0 != " " }
                return [word, "\(word)B", "\(word)MB"].first { ByteSizeText.bytes($0) != nil }.map { "write \($0)" }
            },
            text: { SettingText.of(bytes: $0) }
        ) { text in
            guard let bytes = ByteSizeText.bytes(text), range.contains(bytes) else { return nil }
            return bytes
        }
    }
}
