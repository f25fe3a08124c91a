import Model
import Testing

@Suite("Tables of access expectations")
struct AccessExpectationTests {
    @Test("reads lines, comments and names with blanks")
    func reads() throws {
        let table = try AccessExpectationTable(
            """
            # what must hold
            phone 10.8.0.7 tcp/443 -> allow
            "John's iPhone"\t"Living room" icmp -> deny by access/home.yaml:3 # why

            * gateway udp/53 -> allow\r
            """)
        #expect(table.expectations.map(\.line) == [2, 3, 5])
        #expect(table.expectations.map(\.source) == ["phone", "John's iPhone", nil])
        #expect(table.expectations.map(\.action) == [.allow, .deny, .allow])
        #expect(table.expectations.map(\.document) == [nil, "access/home.yaml:3", nil])
        #expect(table.expectations[1].question.destination == .peer(PeerReference(name: "Living room")))
        #expect(table.expectations[2].question.destination == .gateway)
    }

    @Test("names every line that is not understood")
    func faults() throws {
        let text = """
            phone web tcp/443 allow
            phone web tcp/443 -> block
            phone web tcp/0 -> deny
            phone "web tcp/443 -> deny
            phone web icmp -> deny
            phone web icmp -> deny because a
            phone 10.0.0.0/8 icmp -> deny
            """
        let faults = #expect(throws: AccessExpectationTable.Faults.self) { try AccessExpectationTable(text) }?.faults
        #expect(
            faults?.map { "\($0.line) \($0.reason)" } == [
                "1 a line is FROM TO SERVICE -> allow | deny [by DOCUMENT]",
                "2 after -> comes allow or deny, then perhaps by DOCUMENT",
                "3 tcp/0 is not a service with one port: tcp/443, udp/53 or icmp",
                "4 a quote is not closed",
                "6 a line is FROM TO SERVICE -> allow | deny [by DOCUMENT]",
                "7 10.0.0.0/8 is neither a peer, nor an address, nor gateway",
            ])
    }

    private func failures(_ text: String) throws -> [String] {
        let peers = [
            AccessSamples.peer("phone", "10.8.0.2", "fd42::2"), AccessSamples.peer("laptop", "10.8.0.3"),
            AccessSamples.peer("web", "10.8.0.5", "fd42::5"),
        ]
        let rule = AccessSamples.rule(
            "staff", .allow, from: AccessSamples.sources("phone", "laptop"), to: ["10.8.0.5"], "tcp/443", line: 7)
        let catalog = Catalog(
            interfaces: [AccessSamples.interface("wg0", "10.8.0.1/24", "fd42::1/64")], peers: peers, access: [rule])
        return AccessJudge(catalog, digest: SampleDigest()).failures(
            of: try AccessExpectationTable(text), at: Timestamp(seconds: 0)
        ).map { "\($0.expectation.line) \($0.source) \($0.destination ?? "-") \($0.found)" }
    }

    @Test("what holds is not named")
    func met() throws {
        #expect(
            try failures(
                """
                laptop web tcp/443 -> allow by staff
                laptop web tcp/80 -> deny by access.yaml
                phone 10.8.0.5 tcp/443 -> allow by access.yaml:7
                * 10.8.0.5 tcp/443 -> allow
                * gateway tcp/22 -> allow
                192.168.1.1 web tcp/80 -> allow
                """
            ).isEmpty)
    }

    @Test("what does not hold is named with what is decided instead, for each peer and address")
    func unmet() throws {
        #expect(
            try failures(
                """
                laptop web tcp/443 -> deny
                phone web tcp/443 -> allow
                laptop web tcp/443 -> allow by other
                laptop web tcp/443 -> allow by access.yaml:8
                nobody web tcp/443 -> deny
                * web tcp/80 -> allow
                * fd00::1 icmp -> allow
                * nobody icmp -> allow
                laptop gateway tcp/1 -> allow by staff
                """
            ) == [
                "1 laptop - allow: Access staff allows it (access.yaml:7)",
                "2 phone fd42::5 deny: Access staff denies everything else (access.yaml:7)",
                "3 laptop - allow: Access staff allows it (access.yaml:7)",
                "4 laptop - allow: Access staff allows it (access.yaml:7)",
                "5 nobody - no peer is named nobody",
                "6 wg0/laptop - deny: Access staff denies everything else (access.yaml:7)",
                "6 wg0/phone - deny: Access staff denies everything else (access.yaml:7)",
                "7 wg0/phone - deny: Access staff denies everything else (access.yaml:7)",
                "8 * - no peer is named nobody",
                "9 laptop - allow: input of wg0 allows everything",
            ])
    }
}
