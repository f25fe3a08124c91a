import Model

/// The matches and statements of libnftables-json(5) that our rules consist of.
///
/// Only typed values enter: names of links are checked once more, everything else is a number or an address. `nft`
/// never sees text that a manifest wrote.
enum NftablesExpression {
    /// Why a policy was not rendered.
    struct InvalidName: Error, CustomStringConvertible {
        let name: String

        var description: String { "'\(name)' is not the name of a link, so no firewall rule can match it" }
    }

    static func match(_ left: JSONValue, _ right: JSONValue, isEqual: Bool = true) -> JSONValue {
        ["match": ["op": isEqual ? "==" : "!=", "left": left, "right": right]]
    }

    static func meta(_ key: String) -> JSONValue { ["meta": ["key": .string(key)]] }

    static func conntrack(_ key: String) -> JSONValue { ["ct": ["key": .string(key)]] }

    static func payload(_ layer: String, _ field: String) -> JSONValue {
        ["payload": ["protocol": .string(layer), "field": .string(field)]]
    }

    /// One value as it is, several as an anonymous set.
    static func anyOf(_ values: [JSONValue]) -> JSONValue {
        if values.count == 1, let value = values.first { value } else { ["set": .array(values)] }
    }

    /// The names as values to match, each checked: `dev_valid_name()` of the kernel, and nothing that nft gives meaning.
    static func links(_ names: [String]) throws(InvalidName) -> JSONValue {
        var values: [JSONValue] = []
        for name in names { values.append(.string(try checked(name))) }
        return anyOf(values)
    }

    /// The name if it is one that nft takes literally.
    static func checked(_ name: String) throws(InvalidName) -> String {
        let isAllowed = { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: ":"):
                true
            default: false
            }
        }
        guard (1...15).contains(name.utf8.count), name != ".", name != "..", name.utf8.allSatisfy(isAllowed) else {
            throw InvalidName(name: name)
        }
        return name
    }

    /// A host as an address, a network as a prefix.
    static func element(_ prefix: Prefix) -> JSONValue {
        prefix.isHost
            ? .string(prefix.address.description)
            : ["prefix": ["addr": .string(prefix.address.description), "len": .number(Int64(prefix.length))]]
    }

    /// A member of a set, with its interface or service where it has one; of a map with the chain that it leads to.
    static func element(_ member: FirewallMember) throws(InvalidName) -> JSONValue {
        var parts = [element(member.prefix)]
        if let interface = member.interface { parts.insert(.string(try checked(interface)), at: 0) }
        if let service = member.service {
            let (first, last) = (Int64(service.ports.lowerBound), Int64(service.ports.upperBound))
            parts.append(.string(service.transport.name))
            parts.append(first == last ? .number(first) : ["range": [.number(first), .number(last)]])
        }
        let key: JSONValue = parts.count == 1 ? parts[0] : ["concat": .array(parts)]
        return member.accessClass.map { .array([key, jump(FirewallChain.chain($0))]) } ?? key
    }

    static func layer(_ family: AddressFamily) -> String { family == .ipv4 ? "ip" : "ip6" }

    /// `tcp flags & (syn | rst) == syn`: the two packets of a handshake.
    static let isHandshake: JSONValue = [
        "match": [
            "op": "==", "left": ["&": [["payload": ["protocol": "tcp", "field": "flags"]], ["|": ["syn", "rst"]]]],
            "right": "syn",
        ]
    ]

    /// `tcp option maxseg size set VALUE`. The kernel never raises a value (nft_exthdr.c).
    static func setMaximumSegment(_ value: JSONValue) -> JSONValue {
        ["mangle": ["key": ["tcp option": ["name": "maxseg", "field": "size"]], "value": value]]
    }

    /// Whether the packet is for an address of this host.
    static let isOwnAddress: JSONValue = [
        "match": ["op": "==", "left": ["fib": ["result": "type", "flags": ["daddr"]]], "right": "local"]
    ]

    static let returnVerdict: JSONValue = ["return": nil]
    static let accept: JSONValue = ["accept": nil]
    static let drop: JSONValue = ["drop": nil]
    static let masquerade: JSONValue = ["masquerade": nil]

    /// The destination becomes this one.
    static func destination(_ address: SocketAddress) -> JSONValue {
        [
            "dnat": [
                "family": .string(layer(address.address.family)), "addr": .string(address.address.description),
                "port": .number(Int64(address.port)),
            ]
        ]
    }

    /// The sender of a TCP segment is told at once that there is no connection.
    static let reset: JSONValue = ["reject": ["type": "tcp reset"]]
    /// The sender of a packet is told at once that nobody listens there, by ICMP of its family.
    static let unreachable: JSONValue = ["reject": ["type": "icmpx", "expr": "port-unreachable"]]

    static func jump(_ chain: String) -> JSONValue { ["jump": ["target": .string(chain)]] }

    static func goto(_ chain: String) -> JSONValue { ["goto": ["target": .string(chain)]] }
}
