/// A line of the format `adblock`: AdGuard's DNS filtering syntax
/// (https://adguard-dns.io/kb/general/dns-filtering-syntax/), as far as it is about names.
enum AdblockLine {
    static func read(_ line: ArraySlice<UInt8>, at source: RuleSource) throws(LineFault) -> ListLine {
        if let pattern = plainPattern(line) { return .names([pattern]) }
        if isComment(line) { return .nothing }
        if isCosmetic(line) { throw LineFault(.cosmetic, "a rule for elements of pages has no use for names") }
        if let first = ListLine.words(line).first, first.count < line.count, NameLine.isAddress(first) {
            return try HostsLine.read(line)
        }
        return try rule(line, at: source)
    }

    /// By far the most lines are `||name^`: these are read without further ado.
    private static func plainPattern(_ line: ArraySlice<UInt8>) -> DomainPattern? {
        guard line.count > 3, line.last == UInt8(ascii: "^"), line.starts(with: "||".utf8) else { return nil }
        let text = line.dropFirst(2).dropLast()
        guard text.allSatisfy(AdblockPattern.isNameByte), let name = try? DomainName(text: Array(text)), name != .root
        else { return nil }
        return .subtree(name)
    }

    /// `!`, `#` that begins no selector, and the header `[Adblock Plus 2.0]`.
    private static func isComment(_ line: ArraySlice<UInt8>) -> Bool {
        switch line.first {
        case UInt8(ascii: "!"): true
        case UInt8(ascii: "["): line.last == UInt8(ascii: "]")
        case UInt8(ascii: "#"): !isCosmetic(line)
        default: false
        }
    }

    /// Contains the mark of a selector, a script or an HTML filter.
    private static func isCosmetic(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.first != UInt8(ascii: "/") else { return false }
        let text = String(decoding: line, as: UTF8.self)
        return ["##", "#@#", "#?#", "#@?#", "#$#", "#@$#", "#$?#", "#@$?#", "#%#", "#@%#", "$$", "$@$"].contains {
            mark in
            guard let range = text.utf8.firstRange(of: mark.utf8) else { return false }
            // "## a comment" is one; "##.ad" is not.
            let after = text.utf8[range.upperBound...].first
            return
                !(range.lowerBound == text.startIndex && (after == nil || after == 0x20 || after == UInt8(ascii: "#")))
        }
    }

    private static func rule(_ line: ArraySlice<UInt8>, at source: RuleSource) throws(LineFault) -> ListLine {
        let isException = line.starts(with: "@@".utf8)
        let parts = split(isException ? line.dropFirst(2) : line)
        let modifiers = try AdblockModifiers(parts.modifiers)
        let isLimited = modifiers.clients != nil || modifiers.types != nil || !modifiers.exceptions.isEmpty
        let pattern = try AdblockPattern.read(parts.pattern, mayMatchAll: isLimited)

        let action: RuleAction =
            switch (isException, modifiers.rewrite) {
            case (false, nil): .block
            case (true, nil): .allow
            case (true, .some(let value)): .removeRewrites(value)
            case (false, .some(.some(let value))): .rewrite(value)
            case (false, .some(.none)): throw LineFault(.badModifier, "$dnsrewrite needs a value here")
            }
        var rule = FilterRule(pattern: pattern, action: action, source: source, text: Printable.text(line))
        rule.isImportant = modifiers.isImportant
        rule.exceptions = modifiers.exceptions
        rule.types = modifiers.types
        rule.clients = modifiers.clients
        return modifiers.disables ? .disables(rule.canonicalText) : .rule(rule)
    }

    /// The pattern and the modifiers after the `$`. In a regular expression a `$` is no such mark, so there the
    /// modifiers begin after its last `/`.
    private static func split(
        _ line: ArraySlice<UInt8>
    ) -> (pattern: ArraySlice<UInt8>, modifiers: ArraySlice<UInt8>?) {
        let dollar = UInt8(ascii: "$")
        if line.first == UInt8(ascii: "/"), line.count > 1 {
            if line.last == UInt8(ascii: "/") { return (line, nil) }
            if let end = line.indices.dropLast().last(where: { line[$0] == UInt8(ascii: "/") && line[$0 + 1] == dollar }
            ) {
                return (line[...end], line[(end + 2)...])
            }
            return (line, nil)
        }
        guard let mark = line.firstIndex(of: dollar) else { return (line, nil) }
        return (line[..<mark], line[(mark + 1)...])
    }
}
