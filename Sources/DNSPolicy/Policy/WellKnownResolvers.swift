/// Resolvers over HTTPS that devices come with or that many people choose: blocked with all names below them for peers
/// whose DNS is enforced, if `enforcement.reject_doh` says so.
///
/// They are those of Chromium (net/dns/public/doh_provider_entry.cc), Firefox, Windows and Android, and other public ones
/// that their operators document. Any web server can be a resolver: this stops devices that try one on their own, not a
/// person who is looking for one. Only names of resolvers stand here, no home pages.
enum WellKnownResolvers {
    /// The name of the list in decisions: `builtin:doh:12`.
    static let origin = "builtin:doh"

    static let names = [
        "cloudflare-dns.com", "dns.cloudflare.com", "cloudflare-gateway.com", "one.one.one.one",
        "dns.google", "dns.google.com", "8888.google",
        "dns.quad9.net", "dns9.quad9.net", "dns10.quad9.net", "dns11.quad9.net", "dns12.quad9.net",
        "doh.opendns.com", "doh.familyshield.opendns.com", "doh.sandbox.opendns.com", "doh.umbrella.com",
        "dns.nextdns.io",
        "adguard-dns.com", "dns.adguard.com", "dns-family.adguard.com", "dns-unfiltered.adguard.com",
        "doh.cleanbrowsing.org",
        "dns.controld.com", "freedns.controld.com",
        "dns.mullvad.net", "doh.mullvad.net",
        "doh.dns.sb", "doh.sb",
        "protective.joindns4.eu", "child.joindns4.eu", "noads.joindns4.eu", "child-noads.joindns4.eu",
        "unfiltered.joindns4.eu",
        "canadianshield.cira.ca",
        "doh.xfinity.com", "doh.cox.net", "doh-01.spectrum.com", "doh-02.spectrum.com", "doh.quickline.ch",
        "dns.levonet.sk",
        "odvr.nic.cz", "public.dns.iij.jp", "dns.switch.ch", "dns.digitale-gesellschaft.ch", "wikimedia-dns.org",
        "dns.alidns.com", "doh.pub", "doh.360.cn", "doh.libredns.gr", "dns.comss.one",
    ]

    /// A block for each name.
    static var rules: [FilterRule] {
        names.enumerated().map { number, text in
            let labels = text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
            return FilterRule(
                pattern: .subtree(DomainName(validated: labels + [0])), action: .block,
                source: RuleSource(origin: origin, line: number + 1), text: "||\(text)^")
        }
    }
}
