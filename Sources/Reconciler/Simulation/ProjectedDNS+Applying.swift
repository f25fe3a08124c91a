import Model

extension ProjectedDNS {
    /// These rows after a difference was written.
    func applying(_ difference: DNSDifference) -> ProjectedDNS {
        var dns = self
        if let settings = difference.settings { dns.settings = settings }
        let lists = Set(difference.removedBlocklists + difference.writtenBlocklists.map(\.name))
        dns.blocklists.removeAll { lists.contains($0.name) }
        dns.blocklists = (dns.blocklists + difference.writtenBlocklists).sorted(by: ProjectedBlocklist.order)
        let rules = Set((difference.removedRules + difference.writtenRules).map(\.id))
        dns.rules.removeAll { rules.contains($0.id) }
        dns.rules = (dns.rules + difference.writtenRules).sorted(by: ProjectedDNSRule.order)
        return dns
    }
}
