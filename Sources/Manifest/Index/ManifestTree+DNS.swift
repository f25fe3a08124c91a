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
    public var dnsRules: [PlacedDNSRule] {
        files.flatMap { file in
            file.objects.indices.flatMap { index -> [PlacedDNSRule] in
                switch file.objects[index] {
                case .dnsRule(let declared):
                    [PlacedDNSRule(rule: declared.object, place: file.place(of: index), item: nil)]
                case .dnsRules(let declared):
                    declared.object.rules.enumerated().map { number, rule in
                        PlacedDNSRule(rule: rule.object, place: file.place(of: index), item: number)
                    }
                default: []
                }
            }
        }
    }

    /// The lines of `adblock` blocks in the order of the files and of their places there. Looks at every file.
    public var dnsFilterLines: [DNSFilterLine] {
        files.flatMap { file in
            file.objects.flatMap { object -> [DNSFilterLine] in
                if case .dnsRules(let declared) = object { declared.object.lines } else { [] }
            }
        }
    }
}
