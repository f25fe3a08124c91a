public import Model

/// A DNS rule and the document that declares it.
public struct PlacedDNSRule: Sendable, Equatable {
    /// The rule.
    public let rule: DNSRule
    /// The document.
    public let place: ObjectPlace
    /// Its number in `rules` of a `DNSRules` document, counted from 0; nil for a `DNSRule` document.
    public let item: Int?

    /// The path of the rule's fields for an `Edit`: empty, or `["rules", "3"]`.
    public var editPath: [String] { item.map { ["rules", String($0)] } ?? [] }
}

/// The rules of one document.
public struct PlacedDNSRules: Sendable {
    private let rules: [Declared<DNSRule>]
    private let place: ObjectPlace

    init(rules: [Declared<DNSRule>], place: ObjectPlace) {
        self.rules = rules
        self.place = place
    }

    /// How many there are.
    public var count: Int { rules.count }

    /// A rule by its number, counted from 0; nil where there is none of that number.
    public subscript(_ item: Int) -> PlacedDNSRule? {
        rules.indices.contains(item) ? PlacedDNSRule(rule: rules[item].object, place: place, item: item) : nil
    }
}

/// A line of an `adblock` block and the document that holds it.
public struct PlacedDNSFilterLine: Sendable, Equatable {
    /// The line.
    public let line: DNSFilterLine
    /// The document.
    public let place: ObjectPlace
}

extension ManifestTree {
    /// The DNS forwarder as its document says; nil without one.
    public var dnsSettings: DNSSettings? {
        guard case .dnsSettings(let declared)? = object(.dnsSettings) else { return nil }
        return declared.object
    }

    /// A blocklist as its document says.
    public func blocklist(_ name: String) -> Blocklist? {
        guard case .blocklist(let declared)? = object(.blocklist(name)) else { return nil }
        return declared.object
    }

    /// The blocklists in the order of the files. Looks at every file.
    public var blocklists: [Blocklist] {
        files.flatMap { file in
            file.objects.compactMap { if case .blocklist(let declared) = $0 { declared.object } else { nil } }
        }
    }

    /// A DNS rule with a document of its own.
    public func dnsRule(_ identity: ObjectIdentity) -> DNSRule? {
        guard case .dnsRule(let declared)? = object(identity) else { return nil }
        return declared.object
    }

    /// The DNS rules in the order of the files and of their places there. Looks at every file.
    public var dnsRules: [PlacedDNSRule] { dnsRules { _ in true } }

    /// The DNS rules that fulfil a condition, in the same order. Looks at every rule, and copies none of the others.
    public func dnsRules(where isWanted: (DNSRule) -> Bool) -> [PlacedDNSRule] {
        var found: [PlacedDNSRule] = []
        for file in files { file.addDNSRules(to: &found, where: isWanted) }
        return found
    }

    /// The DNS rules of one file, in the order of their places.
    public func dnsRules(in path: String) -> [PlacedDNSRule] {
        var found: [PlacedDNSRule] = []
        file(at: path)?.addDNSRules(to: &found) { _ in true }
        return found
    }

    /// The rule that stands now where another one did; nil where none does.
    public func dnsRule(at known: PlacedDNSRule) -> PlacedDNSRule? {
        guard let file = file(at: known.place.path) else { return nil }
        for (index, object) in file.objects.enumerated() {
            let place = file.place(of: index)
            guard place.document == known.place.document else { continue }
            switch (object, known.item) {
            case (.dnsRule(let rule), nil): return PlacedDNSRule(rule: rule.object, place: place, item: nil)
            case (.dnsRules(let group), let item?): return PlacedDNSRules(rules: group.object.rules, place: place)[item]
            default: return nil
            }
        }
        return nil
    }

    /// The rules of one document of rules, in their order; the document of a single rule is none.
    public func dnsRules(at place: ObjectPlace) -> PlacedDNSRules? {
        guard let file = file(at: place.path) else { return nil }
        for (index, object) in file.objects.enumerated() {
            if case .dnsRules(let group) = object, file.place(of: index) == place {
                return PlacedDNSRules(rules: group.object.rules, place: place)
            }
        }
        return nil
    }

    /// The lines of `adblock` blocks in the order of the files and of their places there. Looks at every file.
    public var dnsFilterLines: [DNSFilterLine] { placedDNSFilterLines.map(\.line) }

    /// The same lines, each with its document.
    public var placedDNSFilterLines: [PlacedDNSFilterLine] { files.flatMap(\.dnsFilterLines) }
}

extension ParsedFile {
    fileprivate func addDNSRules(to found: inout [PlacedDNSRule], where isWanted: (DNSRule) -> Bool) {
        for (index, object) in objects.enumerated() {
            switch object {
            case .dnsRule(let declared) where isWanted(declared.object):
                found.append(PlacedDNSRule(rule: declared.object, place: place(of: index), item: nil))
            case .dnsRules(let declared):
                let place = place(of: index)
                for (number, rule) in declared.object.rules.enumerated() where isWanted(rule.object) {
                    found.append(PlacedDNSRule(rule: rule.object, place: place, item: number))
                }
            default: break
            }
        }
    }

    fileprivate var dnsFilterLines: [PlacedDNSFilterLine] {
        objects.indices.flatMap { index -> [PlacedDNSFilterLine] in
            guard case .dnsRules(let declared) = objects[index] else { return [] }
            return declared.object.lines.map { PlacedDNSFilterLine(line: $0, place: place(of: index)) }
        }
    }
}
