import HTTPTypes
import Model

/// Where a request comes from: the address of the connection or, behind trusted proxies, the right-most entry of
/// `X-Forwarded-For` that is none of them. What stands further left is the client's own claim.
struct ForwardedClient: Sendable {
    let address: IPAddress
    /// Whether a trusted proxy says that it was encrypted.
    let isSecure: Bool

    init(_ peer: IPAddress, _ fields: HTTPFields, _ trusted: [Prefix]) {
        let isTrusted = { (address: IPAddress) in trusted.contains { $0.contains(address) } }
        guard !trusted.isEmpty, isTrusted(peer) else {
            address = peer
            isSecure = false
            return
        }
        var last = peer
        let entries = fields[values: .forwardedFor].joined(separator: ",").split(separator: ",")
        for entry in entries.reversed() {
            // Who writes something unreadable is where the trust ends.
            guard let address = IPAddress(String(entry.filter { $0 != " " && $0 != "\t" })) else { break }
            last = address
            if !isTrusted(address) { break }
        }
        address = last
        isSecure = fields[.forwardedProtocol]?.lowercased() == "https"
    }
}
