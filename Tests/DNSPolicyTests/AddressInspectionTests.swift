import Foundation
import Model
import Testing

@testable import DNSPolicy

/// Whether addresses in answers need be looked at, which costs as much as the question itself.
@Suite struct AddressInspectionTests {
    /// Lines of a policy that can block the addresses 192.0.2.7 or 2001:db8::7, and lines that can block none.
    static let tables: [(String, Bool)] = [
        ("list l domains\n| one.example", false), ("list l domains\n| one.example\n| 192.0.2.7", false),
        ("list l adblock\n| ||example^", false), ("list l adblock\n| ||0.2.7^", true),
        ("list l adblock\n| |2001:db8::7^", true), ("list l adblock\n| /^192\\./", true),
        ("list l adblock\n| ||192.0.2.7^$dnstype=A", true), ("list l hosts\n| 0.0.0.0 a1.example", false),
        ("rule ||one.example^", false), ("rule ||192.0.2.7^", true), ("rule ||192.0.2.7^$client=kid", true),
        ("rule ||2.7^$client=10.8.0.0/24", true), ("rule @@||one.example^$client=kid", false),
        ("list l domains\n| one.example\nlist m adblock\n| ||two.example^\n| 192.0.2.7", true),
    ]

    @Test(arguments: tables)
    func onlyWhereARuleCanSpeakToThem(text: String, expected: Bool) throws {
        let policy = try PolicyTable(text).policy
        #expect(policy.inspectsAddresses == expected)
        let client = try #require(policy.clients(named: "kid").first)
        let question = PolicyQuestion(
            client: client, name: try DomainName(text: "site.example"), type: .a, time: PolicyTable.now)
        let blocked = try ["192.0.2.7", "2001:db8::7"].contains { text in
            policy.inspect(try DomainName(text: text), type: .a, in: question, pause: FilteringPause()) != nil
        }
        #expect(blocked == expected)
    }

    @Test func aFileKeepsIt() throws {
        let path = "/tmp/wirebuddy-\(UInt64.random(in: 0...UInt64.max)).list"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for (text, expected) in [("||one.example^", false), ("||one.example^\n||192.0.2.7^", true)] {
            var compiler = ListCompiler(name: "l", format: .adblock, key: PolicyTable.key)
            try compiler.take(text.utf8)
            let list = try compiler.finish()
            try list.write(to: path)
            let read = try CompiledList.read(path, name: "l", key: PolicyTable.key)
            #expect(list.mayNameAddresses == expected && read.mayNameAddresses == expected)
        }
    }
}
