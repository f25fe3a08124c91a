public import Model

/// The rows of the DNS forwarder's policy that the database should hold of a catalog.
public struct DesiredDNS: Sendable {
    /// The rows.
    public var rows: ProjectedDNS
    /// The digest of the settings, hexadecimal; empty without a forwarder.
    public var settingsDigest: String
    /// The digest of each list, hexadecimal, by its position in ``rows``.
    public var blocklistDigests: [String]
    /// What tells whether a rule was changed, by its position in ``rows``.
    public var ruleDigests: [String]

    /// The rows of a catalog. Equal rules in several places are one row.
    init(_ catalog: Catalog, digest: any Digest) {
        let settings = catalog.dns.map(ProjectedDNSSettings.rows) ?? [:]
        let blocklists = catalog.blocklists.map { ProjectedBlocklist($0) }
        let rules = Self.rules(catalog, digest)
        rows = ProjectedDNS(settings: settings, blocklists: blocklists, rules: rules)
        settingsDigest = settings.isEmpty ? "" : Self.digest(of: settings, digest)
        blocklistDigests = blocklists.map { Self.digest(of: $0, digest) }
        ruleDigests = rules.map { Self.digest(of: $0, digest) }
    }

    private static func rules(_ catalog: Catalog, _ digest: any Digest) -> [ProjectedDNSRule] {
        var rules: [String: ProjectedDNSRule] = [:]
        rules.reserveCapacity(catalog.dnsRules.count + catalog.dnsFilterLines.count)
        for rule in catalog.dnsRules {
            let row = ProjectedDNSRule(rule, id: rule.identifier(digest: digest))
            if rules[row.id] == nil { rules[row.id] = row }
        }
        for line in catalog.dnsFilterLines {
            let id = line.identifier(digest: digest)
            if rules[id] == nil { rules[id] = ProjectedDNSRule(line, id: id) }
        }
        // Ids are moved about, not rows.
        return rules.keys.sorted().compactMap { rules[$0] }
    }

    /// Whatever of a row its name doesn't say. Most rules have no more than their id.
    private static func digest(of row: ProjectedDNSRule, _ digest: any Digest) -> String {
        guard !row.comment.isEmpty || row.expiresAt != nil else { return row.id }
        var form = CanonicalForm()
        form.append(row.id)
        form.append(row.comment)
        form.append(row.expiresAt?.description ?? "")
        return digest.digest(form.bytes).description
    }

    private static func digest(of row: ProjectedBlocklist, _ digest: any Digest) -> String {
        var form = CanonicalForm()
        for text in [row.name, row.url ?? "", row.file ?? "", row.format.rawValue, row.sha256 ?? ""] {
            form.append(text)
        }
        form.append("\(row.enabled) \(row.refresh)")
        return digest.digest(form.bytes).description
    }

    private static func digest(of settings: [String: String], _ digest: any Digest) -> String {
        var form = CanonicalForm()
        for (field, value) in settings.sorted(by: { $0.key < $1.key }) {
            form.append(field)
            form.append(value)
        }
        return digest.digest(form.bytes).description
    }
}
