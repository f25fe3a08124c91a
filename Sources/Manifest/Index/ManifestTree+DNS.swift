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
    public var dnsRules: [PlacedDNSRule] { files.flatMap(\.dnsRules) }

    /// The DNS rules of one file, in the order of their places.
    public func dnsRules(in path: String) -> [PlacedDNSRule] { file(at: path)?.dnsRules ?? [] }

    /// The lines of `adblock` blocks in the order of the files and of their places there. Looks at every file.
    public var dnsFilterLines: [DNSFilterLine] { placedDNSFilterLines.map(\.line) }

    /// The same lines, each with its document.
    public var placedDNSFilterLines: [PlacedDNSFilterLine] { files.flatMap(\.dnsFilterLines) }
}

extension ParsedFile {
    fileprivate var dnsRules: [PlacedDNSRule] {
        objects.indices.flatMap { index -> [PlacedDNSRule] in
            switch objects[index] {
            case .dnsRule(let declared):
                [PlacedDNSRule(rule: declared.object, place: place(of: index), item: nil)]
            case .dnsRules(let declared):
                declared.object.rules.enumerated().map { number, rule in
                    PlacedDNSRule(rule: rule.object, place: place(of: index), item: number)
                }
            default: []
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
