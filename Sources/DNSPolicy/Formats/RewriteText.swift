private import Model

/// The value of `$dnsrewrite`: an address, a name, a response code, or `CODE;TYPE;VALUE`.
enum RewriteText {
    static func read(_ value: ArraySlice<UInt8>) throws(LineFault) -> Rewrite {
        let parts = value.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        switch parts.count {
        case 1: return try short(value)
        case 3: return try full(parts)
        default: throw LineFault(.badModifier, "$dnsrewrite: \(Printable.text(value)) is not CODE;TYPE;VALUE")
        }
    }

    private static func short(_ value: ArraySlice<UInt8>) throws(LineFault) -> Rewrite {
        let text = String(decoding: value, as: UTF8.self)
        // A code is written in capitals; in lower case it would be a name.
        if let code = RewriteCode(rawValue: text) { return .responseCode(code) }
        if let address = IPAddress(text) { return .address(address) }
        return .canonicalName(try ListLine.name(value))
    }

    private static func full(_ parts: [ArraySlice<UInt8>]) throws(LineFault) -> Rewrite {
        let words = parts.map { String(decoding: $0, as: UTF8.self) }
        guard let code = RewriteCode(rawValue: words[0].uppercased()) else {
            throw LineFault(.badModifier, "$dnsrewrite: \(Printable.text(parts[0])) is not a response code")
        }
        if words[1].isEmpty, words[2].isEmpty { return .responseCode(code) }
        guard code == .noError else {
            throw LineFault(.badModifier, "$dnsrewrite: only NOERROR comes with a record")
        }
        switch (words[1].uppercased(), IPAddress(words[2])) {
        case ("A", .some(let address)) where address.family == .ipv4: return .address(address)
        case ("AAAA", .some(let address)) where address.family == .ipv6: return .address(address)
        case ("CNAME", nil): return .canonicalName(try ListLine.name(parts[2]))
        case ("A", _), ("AAAA", _), ("CNAME", _):
            throw LineFault(.badModifier, "$dnsrewrite: \(Printable.text(parts[2])) is no value of \(words[1])")
        default:
            throw LineFault(.badModifier, "$dnsrewrite: records of type \(Printable.text(parts[1])) can't be made here")
        }
    }
}
