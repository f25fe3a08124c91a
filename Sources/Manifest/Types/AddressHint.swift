import Model

/// What was probably meant by a refused address.
enum AddressHint {
    static let address: @Sendable (String) -> String? = { text in
        if let written = InterfaceAddress(text) { return "write \(written.address)" }
        return common(text)
    }

    static let interfaceAddress: @Sendable (String) -> String? = { text in
        if let written = InterfaceAddress(text) {
            return "write \(written.address)/\(written.family == .ipv4 ? 24 : 64)"
        }
        return common(text) ?? length(text)
    }

    static let prefix: @Sendable (String) -> String? = { text in
        if let written = InterfaceAddress(text) {
            return "write \(written.prefix), the prefix without host bits, or \(Prefix(host: written.address))"
        }
        return common(text) ?? length(text)
    }

    static let endpoint: @Sendable (String) -> String? = { text in
        if let address = IPAddress(text) {
            return address.family == .ipv4 ? "write \(address):51820" : "write [\(address)]:51820"
        }
        let bytes = Array(text.utf8)
        if HostName(text: bytes[...]) != nil { return "write \(text):51820" }
        if let colon = bytes.lastIndex(of: UInt8(ascii: ":")),
            bytes[(colon + 1)...].allSatisfy({ (48...57).contains($0) }),
            let address = IPAddress(text: bytes[..<colon])
        {
            if address.family == .ipv6 {
                return "write [\(address)]:\(String(decoding: bytes[(colon + 1)...], as: UTF8.self))"
            }
            return "ports are 1 to 65535"
        }
        return common(text)
    }

    private static func common(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        if let percent = bytes.firstIndex(of: UInt8(ascii: "%")), IPAddress(text: bytes[..<percent]) != nil {
            return "zones (%…) are not allowed: the interface is the one of the document"
        }
        if let colon = bytes.lastIndex(of: UInt8(ascii: ":")),
            let slash = bytes.firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex as Int?,
            colon < slash, text.lowercased().contains("ffff:"),
            let address = IPAddress(text: bytes[(colon + 1)..<slash])
        {
            return "IPv4-mapped addresses are not allowed; write \(address)"
        }
        return nil
    }

    private static func length(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")), let address = IPAddress(text: bytes[..<slash]) else {
            return nil
        }
        return "the length behind the slash is 0 to \(address.family.bits)"
    }
}
