import Model

extension ParsedFile {
    /// The same file with another content, of which only the rules that differ are read; nil where the whole text has to
    /// be. Nothing but one document of rules without problems is read so, and no rule with a problem.
    func reading(_ bytes: [UInt8], _ dnsSyntax: any DNSRuleSyntax) -> ParsedFile? {
        guard let list, case .dnsRules(let known)? = objects.first, let (next, change) = list.reading(bytes) else {
            return nil
        }
        var reader = DocumentReader(path: path, dnsSyntax: dnsSyntax)
        guard let new = reader.readRules(next.items[change.new]) else { return nil }
        var group = known.object
        let behind = group.rules[change.old.upperBound...]
        group.rules.replaceSubrange(
            change.old.lowerBound..., with: new + behind.map { $0.shifted(change.shift) })
        var positions = FieldPositions()
        for (number, entry) in next.entries.enumerated() {
            if entry.key.text == DNSRulesKind.table.fields[DNSRulesKind.adblock].name {
                positions.append(DNSRulesKind.adblock, entry.value.range.start)
                if number > list.entry { group.lines = group.lines.map { $0.shifted(lines: change.shift.lines) } }
            } else if number == list.entry {
                positions.append(DNSRulesKind.rules, entry.value.range.start)
                for (index, item) in next.items.enumerated() {
                    positions.append(DNSRulesKind.rules, item: index + 1, item.range.start)
                }
            }
        }
        return ParsedFile(
            path: path, objects: [.dnsRules(known.replaced(by: group, at: positions))], documents: [0], problems: [],
            mayHoldMore: false, list: next)
    }
}

extension DocumentReader {
    /// The long list of rules of a file that holds nothing else and has no problems.
    func longList(in tree: SyntaxTree, of bytes: [UInt8]) -> LongList? {
        guard tree.isComplete, tree.problems.isEmpty, problems.isEmpty, !mayHoldMore, objects.count == 1,
            case .dnsRules = objects[0]
        else { return nil }
        return LongList(DNSRulesKind.table.fields[DNSRulesKind.rules].name, in: tree.documents, of: bytes)
    }

    /// Reads some rules of a list; nil when something is wrong with one of them.
    fileprivate mutating func readRules(_ items: ArraySlice<Node>) -> [Declared<DNSRule>]? {
        var rules: [Declared<DNSRule>] = []
        for item in items {
            guard case .map = item.content else { return nil }
            let rule = DNSRuleKind.element.decode(item, path: path, problems: &problems)
            checkDomain(rule)
            rules.append(rule)
        }
        return problems.isEmpty ? rules : nil
    }
}

extension Declared<DNSRule> {
    /// The same rule further down in its file.
    fileprivate func shifted(_ shift: SourceShift) -> Declared {
        guard !shift.isNone else { return self }
        var rule = object
        rule.location = rule.location.shifted(lines: shift.lines)
        return shifted(shift, rule)
    }
}

extension DNSFilterLine {
    fileprivate func shifted(lines: Int) -> DNSFilterLine {
        DNSFilterLine(text: text, location: location.shifted(lines: lines))
    }
}

extension SourceLocation {
    fileprivate func shifted(lines: Int) -> SourceLocation {
        SourceLocation(path: path, line: line + lines, column: column)
    }
}
