import Glibc
import Model

/// The address this host uses towards the internet.
enum DefaultRouteAddress {
    /// The source address of the default route, IPv4 first; nil without one. No packet is sent: connecting a UDP socket
    /// only looks the route up.
    static func find() -> IPAddress? { ipv4() ?? ipv6() }

    /// Whether devices outside the local network can't dial an address; shared address space (RFC 6598) included.
    static func isPrivate(_ address: IPAddress) -> Bool {
        address.isPrivate || address.isLinkLocal || address.isLoopback
            || address.family == .ipv4 && address.low >> 22 == 0x6440_0000 >> 22
    }

    private static func ipv4() -> IPAddress? {
        var remote = sockaddr_in()
        remote.sin_family = sa_family_t(AF_INET)
        remote.sin_port = in_port_t(53).bigEndian
        remote.sin_addr.s_addr = in_addr_t(0x0808_0808)
        var local = sockaddr_in()
        guard unsafe connect(AF_INET, &remote, &local) else { return nil }
        let address = unsafe withUnsafeBytes(of: &local.sin_addr) { unsafe IPAddress(bytes: Array($0)) }
        return address == IPAddress(v4: 0) ? nil : address
    }

    private static func ipv6() -> IPAddress? {
        var remote = sockaddr_in6()
        remote.sin6_family = sa_family_t(AF_INET6)
        remote.sin6_port = in_port_t(53).bigEndian
        let target: [UInt8] = [0x20, 0x01, 0x48, 0x60, 0x48, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x88]
        unsafe withUnsafeMutableBytes(of: &remote.sin6_addr) { unsafe $0.copyBytes(from: target) }
        var local = sockaddr_in6()
        guard unsafe connect(AF_INET6, &remote, &local) else { return nil }
        let address = unsafe withUnsafeBytes(of: &local.sin6_addr) { unsafe IPAddress(bytes: Array($0)) }
        return address == IPAddress(v6: 0, 0) ? nil : address
    }

    /// Connects a UDP socket to `remote` and stores its own address in `local`.
    @unsafe private static func connect<Address>(
        _ family: Int32, _ remote: inout Address, _ local: inout Address
    ) -> Bool {
        let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var length = socklen_t(MemoryLayout<Address>.size)
        let isConnected = unsafe withUnsafePointer(to: &remote) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, length) == 0
            }
        }
        guard isConnected else { return false }
        return unsafe withUnsafeMutablePointer(to: &local) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length) == 0
            }
        }
    }
}
