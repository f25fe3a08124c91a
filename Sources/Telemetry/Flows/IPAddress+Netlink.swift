import Model
import Netlink

extension IPAddress {
    init(_ address: NetlinkAddress) {
        switch address {
        case .ipv4(let value): self.init(v4: value)
        case .ipv6(let high, let low): self.init(v6: high, low)
        }
    }

    /// Whether the address has no place in the world: RFC 1918, RFC 4193, RFC 6598 and link-local.
    var isPlaceless: Bool { isPrivate || isLinkLocal || (family == .ipv4 && low >> 22 == 0x6440_0000 >> 22) }
}
