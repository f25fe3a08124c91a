import Model
import Netlink
import Reconciler

@testable import Kernel

/// The firewall of the test's namespace.
func makeFirewall() throws -> NftablesFirewall {
    let socket = try NetfilterSocket()
    return NftablesFirewall(program: NftablesProgram(), digest: TestDigest()) { () throws(BackendError) in
        do throws(NetlinkError) { return try socket.generation().id } catch {
            throw BackendError(.terminal, "\(error)")
        }
    }
}

/// FNV-1a: enough to tell texts apart in a test.
struct TestDigest: Digest {
    func digest(_ bytes: [UInt8]) -> DigestValue {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return DigestValue(bytes: (0..<32).map { UInt8(truncatingIfNeeded: hash >> UInt64($0 % 8 * 8)) })
    }
}

func prefixes(_ texts: String...) -> [Prefix] { texts.compactMap { Prefix($0) } }

func members(_ texts: String...) -> Set<FirewallMember> { Set(texts.compactMap { FirewallMember($0) }) }

extension FirewallTable {
    /// One interface, dual stack, everything on.
    static func homelab(input: InputPolicy = .dnsOnly, elements: FirewallElements = [:]) -> FirewallTable {
        FirewallTable(
            policy: FirewallPolicy(interfaces: [
                FirewallInterface(
                    name: "wg0", prefixes: prefixes("10.8.0.0/24", "fd42:8::/64"),
                    masqueraded: prefixes("10.8.0.0/24", "fd42:8::/64"), masqueradeOutputs: [], input: input,
                    mssClampMTU: 1420)
            ]), policyDigest: "0123abcd", elements: elements)
    }

    /// Two interfaces: one masquerades by one link only and has a default route, one is routed.
    static var twoSites: FirewallTable {
        FirewallTable(
            policy: FirewallPolicy(interfaces: [
                FirewallInterface(
                    name: "wg0", prefixes: prefixes("10.8.0.0/24"), masqueraded: prefixes("10.8.0.0/24", "10.8.0.0/25"),
                    masqueradeOutputs: ["eth0", "eth1"],
                    input: .services(["icmp", "tcp/22", "tcp/8000-8100", "udp/53"].compactMap { Service($0) }),
                    mssClampMTU: nil, defaultRouteMark: 51820),
                FirewallInterface(
                    name: "wg1", prefixes: prefixes("10.9.0.0/24", "10.10.0.0/24", "2001:db8::/64"),
                    masqueraded: prefixes("10.9.0.0/24", "10.10.0.0/24"), masqueradeOutputs: [], input: .allow,
                    mssClampMTU: 1280),
            ]), policyDigest: "ff00",
            elements: [
                .isolatedHosts4: members("10.8.0.3/32", "10.8.0.2/32"),
                .isolatedNetworks4: members("192.168.50.0/24", "0.0.0.0/1"),
                .isolatedHosts6: members("2001:db8::2/128"), .isolatedNetworks6: members("fd00:1::/48"),
            ])
    }
}
