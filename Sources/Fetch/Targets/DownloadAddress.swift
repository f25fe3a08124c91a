import FoundationEssentials

/// An address of a text, read once: what is checked is what is asked.
struct DownloadAddress {
    let url: URL
    /// The host as the client will look it up, without the brackets of an IPv6 address.
    let host: String
    let isEncrypted: Bool
    /// For messages: the host, with its port if that is not the usual one.
    let label: String

    /// Reads an address.
    init(_ text: String) throws(DownloadFault) {
        guard let url = URL(string: text) else { throw Self.fault("it can't be read") }
        try self.init(url)
    }

    /// The address that a redirect of this one leads to.
    func redirected(to location: String) throws(DownloadFault) -> DownloadAddress {
        guard let next = URL(string: location, relativeTo: url)?.absoluteURL else {
            throw DownloadFault(host: label, reason: .address("it redirects to something that can't be read"))
        }
        return try DownloadAddress(next)
    }

    private init(_ url: URL) throws(DownloadFault) {
        guard let scheme = url.scheme?.lowercased() else { throw Self.fault("it does not begin with https://") }
        guard scheme == "https" || scheme == "http" else { throw Self.fault("\(scheme) is not https") }
        guard var host = url.host, !host.isEmpty else { throw Self.fault("it has no host") }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard host.utf8.allSatisfy(Self.isHostByte) else { throw Self.fault("its host is none") }
        self.url = url
        self.host = host
        isEncrypted = scheme == "https"
        let port = url.port.flatMap { $0 == (scheme == "https" ? 443 : 80) ? nil : $0 }
        let name = host.contains(":") ? "[\(host)]" : host
        label = port.map { "\(name):\($0)" } ?? name
        guard url.user == nil, url.password == nil else {
            throw DownloadFault(host: label, reason: .address("the address holds a user or a password"))
        }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }

    private static func fault(_ why: String) -> DownloadFault { DownloadFault(host: "", reason: .address(why)) }
}
