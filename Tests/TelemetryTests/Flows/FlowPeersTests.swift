import Model
import Testing

@testable import Telemetry

@Suite struct FlowPeersTests {
    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    @Test func theLongestPrefixWins() throws {
        let prefixes = try [
            "10.8.0.2/32", "10.8.0.0/24", "10.0.0.0/8", "fd42::/16", "fd42:8::/64", "0.0.0.0/0", "::/0",
        ]
        .map { try #require(Prefix($0)) }
        let peers = FlowPeers(Dictionary(uniqueKeysWithValues: zip(prefixes, ["a", "b", "c", "d", "e", "f", "g"])))
        let expected = [
            "10.8.0.2": "a", "10.8.0.3": "b", "10.9.0.1": "c", "fd42:9::1": "d", "fd42:8::1": "e", "192.0.2.1": nil,
            "2001:db8::1": nil, "::a08:2": nil,
        ]
        for (text, peer) in expected { #expect(try peers.peer(of: address(text)) == peer, "\(text)") }
        #expect(try FlowPeers().peer(of: address("10.8.0.2")) == nil)
    }

    @Test func whatIsNotPassedOnIsLocal() throws {
        let peers = try FlowPeers(local: [address("10.8.0.1"), address("2001:db8::1")])
        for text in ["10.8.0.1", "2001:db8::1", "127.0.0.53", "::1", "224.0.0.251", "ff02::fb", "fe80::1", "0.0.0.0"] {
            #expect(try peers.isLocal(address(text)), "\(text)")
        }
        #expect(try peers.isLocal(address("255.255.255.255")))
        for text in ["10.8.0.2", "169.254.1.1", "2001:db8::2", "fd42::1", "255.255.255.254"] {
            #expect(try !peers.isLocal(address(text)), "\(text)")
        }
    }

    @Test func privateAddressesHaveNoPlace() throws {
        for text in [
            "10.1.2.3", "172.31.0.1", "192.168.0.1", "100.64.0.1", "100.127.255.255", "169.254.0.1", "fd00::1",
        ] {
            #expect(try address(text).isPlaceless, "\(text)")
        }
        for text in ["100.63.255.255", "100.128.0.0", "172.32.0.1", "192.0.2.1", "2001:db8::1"] {
            #expect(try !address(text).isPlaceless, "\(text)")
        }
    }
}
