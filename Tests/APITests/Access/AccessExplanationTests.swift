import Gateway
import HTTPTypes
import Model
import Testing

@testable import API

@Suite struct AccessExplanationTests {
    private static let files = [
        "peers/phone.yaml": "kind: Peer\nname: John's iPhone\ninterface: wg0\nip: [10.8.0.2]\n"
            + "public_key: \"6Nd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM=\"\n",
        "access/ops.yaml": "kind: Access\nname: ops\nfrom: {interfaces: wg0}\nto: 10.20.0.0/24\nports: tcp/443\n",
    ]
    private static let path = "/api/access/explain"

    @Test func `the decision, its document and its place are told`() async throws {
        let gateway = try await TestGateway(Self.files)
        let told = try await gateway.call(.get, "\(Self.path)?from=John's iPhone&to=10.20.0.7&port=tcp/443")
        #expect(told.status == 200, "\(told.message)")
        #expect(told.data["from_peer"] == .string("wg0/John's iPhone") && told.data["to_peer"] == .null)
        let answer = try #require(told.data["answers"].items.first)
        #expect(answer["decision"] == .string("allow") && answer["cause"] == .string("document"))
        #expect(answer["document"]?["name"] == .string("ops"))
        #expect(answer["document"]?["source"] == .string("access/ops.yaml:1"))
        let denied = try await gateway.call(.get, "\(Self.path)?from=10.8.0.2&to=10.20.0.7&port=icmp")
        #expect(denied.data["from_peer"] == .string("wg0/John's iPhone"))
        #expect(denied.data["answers"].items.first?["decision"] == .string("deny"))
        #expect(denied.data["answers"].items.first?["document"]?["default"] == .boolean(true))
    }

    @Test(
        arguments: [
            ("to=10.20.0.7&port=icmp", "from is required: the peer or address that opens the connection"),
            ("from=10.8.0.2&port=icmp", "to is required: a peer, an address, or gateway"),
            ("from=10.8.0.2&to=gateway", "port is required: the protocol and port there: tcp/443, udp/53, icmp"),
            ("from=10.8.0.2&to=gateway&port=443", "443 is not a service with one port: tcp/443, udp/53 or icmp"),
            ("from=nobody&to=gateway&port=icmp", "no peer is named nobody"),
            ("from=10.8.0.2&to=fd00::1&port=icmp", "10.8.0.2 has no address of the family of fd00::1"),
        ])
    func `what is no connection is refused`(query: String, message: String) async throws {
        let told = try await TestGateway(Self.files).call(.get, "\(Self.path)?\(query)")
        #expect(told.status == 400 && told.message == message)
    }

    @Test func `only admins are told`() async throws {
        let operation = try #require(Operations.all.first { $0.id == "explainAccess" })
        #expect(operation.access == .admin)
    }
}
