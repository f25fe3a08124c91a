internal import Model

/// What a line of a list says.
enum ListLine: Equatable {
    /// Nothing: a comment, a title or an empty line.
    case nothing
    /// Blocks these without any condition; a list keeps them as entries of its table of names.
    case names([DomainPattern])
    /// A rule with a condition, or one that does not block.
    case rule(FilterRule)
    /// Takes back the rule with this canonical text, in whatever list it stands (`$badfilter`).
    case disables(String)

    /// Reads a line without its line end.
    ///
    /// - Throws: ``LineFault`` if the line is not taken.
    static func read(_ line: ArraySlice<UInt8>, as format: Blocklist.Format, at source: RuleSource) throws(LineFault)
        -> Self
    {
        let line = trimmed(line)
        guard let first = line.first else { return .nothing }
        switch format {
        case .hosts: return first == UInt8(ascii: "#") ? .nothing : try HostsLine.read(line)
        case .domains, .wildcardDomains:
            if first == UInt8(ascii: "#") || first == UInt8(ascii: "!") { return .nothing }
            return try NameLine.read(line, includesBelow: format == .wildcardDomains)
        case .adblock: return try AdblockLine.read(line, at: source)
        }
    }

    /// Without blanks, tabs and the carriage return of other systems at both ends.
    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        while let first = line.first, isBlank(first) { line.removeFirst() }
        while let last = line.last, isBlank(last) { line.removeLast() }
        return line
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    /// The words of a line up to a `#` that begins a word.
    static func words(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        let words = line.split(whereSeparator: isBlank)
        return Array(words.prefix { $0.first != UInt8(ascii: "#") })
    }

    /// Reads a name as hosts have them: letters of any script, digits, hyphens and underscores. A question may be for
    /// any octets; a rule with others is a slip.
    static func name(_ text: ArraySlice<UInt8>) throws(LineFault) -> DomainName {
        let name: DomainName
        do {
            name = try DomainName(text: Array(text))
        } catch {
            throw LineFault(.badName, "\(Printable.text(text)) is not a domain name: \(error)")
        }
        guard "\(name)".utf8.allSatisfy(AdblockPattern.isNameByte) else {
            throw LineFault(.badName, "\(Printable.text(text)) has characters that no host name has")
        }
        return name
    }
}
