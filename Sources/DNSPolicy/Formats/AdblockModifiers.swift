private import Model

/// What stands after the `$` of a rule. A modifier that is not known, or stands there twice, makes the rule unusable:
/// cut off, it would leave a rule that does more than was meant.
struct AdblockModifiers {
    private(set) var isImportant = false
    /// Whether the rule takes back another one (`$badfilter`).
    private(set) var disables = false
    private(set) var exceptions: [DomainName] = []
    private(set) var types: TypeCondition?
    private(set) var clients: ClientCondition?
    /// Nil without `$dnsrewrite`; a value of nil is `$dnsrewrite` without one.
    private(set) var rewrite: Rewrite??

    init(_ text: ArraySlice<UInt8>?) throws(LineFault) {
        guard let text else { return }
        var names: Set<String> = []
        for part in try ModifierText.split(text, at: UInt8(ascii: ",")) {
            let equals = part.firstIndex(of: UInt8(ascii: "="))
            let name = Printable.text(part[..<(equals ?? part.endIndex)])
            let value = equals.map { part[($0 + 1)...] }
            guard names.insert(name).inserted else { throw LineFault(.repeatedModifier, "$\(name) stands there twice") }
            try take(name, value)
        }
    }

    private mutating func take(_ name: String, _ value: ArraySlice<UInt8>?) throws(LineFault) {
        switch name {
        case "important", "badfilter":
            guard value == nil else { throw LineFault(.badModifier, "$\(name) takes no value") }
            if name == "important" { isImportant = true } else { disables = true }
        case "denyallow": exceptions = try Self.exceptions(try Self.needed(value, name))
        case "dnstype": types = try Self.types(try Self.needed(value, name))
        case "client": clients = try Self.clients(try Self.needed(value, name))
        case "dnsrewrite":
            rewrite = if let value, !value.isEmpty { .some(try RewriteText.read(value)) } else { .some(nil) }
        default: throw LineFault(.unknownModifier, "$\(name) is not known here, so the rule is ignored")
        }
    }

    private static func needed(_ value: ArraySlice<UInt8>?, _ name: String) throws(LineFault) -> ArraySlice<UInt8> {
        guard let value, !value.isEmpty else { throw LineFault(.badModifier, "$\(name) needs a value") }
        return value
    }

    private static func exceptions(_ value: ArraySlice<UInt8>) throws(LineFault) -> [DomainName] {
        var names: [DomainName] = []
        for part in value.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false) {
            guard !part.contains(UInt8(ascii: "*")), part.first != UInt8(ascii: "~") else {
                throw LineFault(.badModifier, "$denyallow takes names, without masks")
            }
            names.append(try ListLine.name(part))
        }
        return names
    }

    private static func types(_ value: ArraySlice<UInt8>) throws(LineFault) -> TypeCondition {
        var condition = TypeCondition()
        for part in value.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false) {
            let isExcluded = part.first == UInt8(ascii: "~")
            let text = String(decoding: isExcluded ? part.dropFirst() : part, as: UTF8.self)
            guard let type = RecordType(text: text) else {
                throw LineFault(.badModifier, "$dnstype: \(Printable.text(part)) is not a type of record")
            }
            if isExcluded { condition.excluded.insert(type) } else { condition.included.insert(type) }
        }
        return condition
    }

    private static func clients(_ value: ArraySlice<UInt8>) throws(LineFault) -> ClientCondition {
        var condition = ClientCondition()
        for part in try ModifierText.split(value, at: UInt8(ascii: "|")) {
            let isExcluded = part.first == UInt8(ascii: "~")
            let text = ModifierText.unquoted(isExcluded ? part.dropFirst() : part)
            guard let client = DNSClient(text) else {
                throw LineFault(.badModifier, "$client: \(Printable.text(part)) is no peer, address or prefix")
            }
            if isExcluded { condition.excluded.insert(client) } else { condition.included.insert(client) }
        }
        return condition
    }
}
