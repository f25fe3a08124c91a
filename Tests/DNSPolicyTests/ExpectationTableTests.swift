import DNSPolicy
import Testing

@Suite struct ExpectationTableTests {
    @Test func lines() throws {
        let table = try ExpectationTable(
            """
            # a comment

            ads.example -> block
            ads.example * AAAA -> allow   # another
            "nas.example" "John's iPhone" A -> rewrite 10.8.0.1 by dns/rules.yaml:12
            ads.example wg0/kid -> block by ads
            """)
        #expect(table.expectations.map(\.line) == [3, 4, 5, 6])
        #expect(table.expectations.map(\.client) == [nil, nil, "John's iPhone", "wg0/kid"])
        #expect(table.expectations.map(\.type) == [.a, .aaaa, .a, .a])
        #expect(table.expectations.map(\.outcome.description) == ["block", "allow", "rewrite 10.8.0.1", "block"])
        #expect(table.expectations.map(\.source) == [nil, nil, "dns/rules.yaml:12", "ads"])
    }

    @Test func everyFaultIsTold() {
        let faults = #expect(throws: ExpectationTable.Faults.self) {
            try ExpectationTable(
                """
                ads.example
                -> block
                a..b -> block
                ads.example kid NOPE -> block
                ads.example kid A extra -> block
                ads.example -> maybe
                ads.example -> rewrite
                ads.example "kid -> block
                ok.example -> block
                """)
        }
        #expect(faults?.faults.map(\.line) == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(faults?.faults[3].reason == "NOPE is not a type of record")
        #expect(faults?.faults[7].reason == "a quote is not closed")
    }

    @Test func whatIsNotMetIsFound() throws {
        let table = try PolicyTable(
            """
            peer wg0/kid 10.8.0.2/32
            peer wg0/dad 10.8.0.3/32 lists=
            peer wg1/kid 10.9.0.2/32
            list ads domains
            | ads.example
            ads.example -> block
            ads.example dad -> block
            ads.example dad -> allow
            ads.example kid -> block
            ads.example nobody -> block
            ads.example wg0/kid -> block by ads:2
            ads.example wg0/kid -> block by other
            ads.example wg0/kid -> block by ads:1
            ads.example wg0/kid -> rewrite 10.0.0.1
            """)
        let failures = table.policy.failures(of: table.table, time: PolicyTable.now)
        #expect(
            failures.map { "\($0.expectation.line) \($0.client ?? "-") \($0.found)" } == [
                "6 wg0/dad allow: no rule", "7 wg0/dad allow: no rule",
                "9 - kid is wg0/kid and wg1/kid: name one of them",
                "10 - no peer is named nobody", "11 wg0/kid block by ads:1: ads.example",
                "12 wg0/kid block by ads:1: ads.example", "14 wg0/kid block by ads:1: ads.example",
            ])
    }
}
