extension DomainName {
    /// Whether a rule about this name and those below it can speak to an address, written as a name: the last label of
    /// an IPv4 address is a number, and an IPv6 address is one label with colons.
    var mayBeAddress: Bool {
        var last = 0
        for start in labelStarts { last = start }
        let label = octets[(last + 1)..<(last + 1 + Int(octets[last]))]
        return label.contains(UInt8(ascii: ":")) || !label.isEmpty && label.allSatisfy(Self.isDigit)
    }

    private static func isDigit(_ octet: UInt8) -> Bool { octet &- 0x30 < 10 }
}
