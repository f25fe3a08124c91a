import DNSPolicy
import Foundation
import Model
import Testing

/// A list on disk answers like the one in memory, and a file that is not whole is refused.
@Suite struct CompiledFileTests {
    private static let folder = FileManager.default.temporaryDirectory.appending(path: "compiled-\(UUID().uuidString)")

    private func path() throws -> String {
        try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        return Self.folder.appending(path: UUID().uuidString).path
    }

    private func compile(
        _ text: some Sequence<UInt8>, _ format: Blocklist.Format, key: NameKey = PolicyTable.key
    ) throws -> CompiledList {
        var compiler = ListCompiler(name: "l", format: format, key: key)
        try compiler.take(Array(text))
        return try compiler.finish()
    }

    private func reopened(_ list: CompiledList) throws -> CompiledList {
        let path = try path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try list.write(to: path)
        return try CompiledList.read(path, name: "l", key: PolicyTable.key)
    }

    private func policy(_ list: CompiledList) throws -> Policy {
        let peer = PolicyPeer(
            interface: "wg0", name: "kid", allowedIPs: [try #require(Prefix("10.8.0.2/32"))], isFiltered: true,
            blocklists: nil)
        return try Policy(peers: [peer], rules: OwnRules(), lists: [list], key: PolicyTable.key, isBlocking: true)
    }

    private func expectAlike(_ one: CompiledList, _ other: CompiledList, _ names: some Sequence<String>) throws {
        let (one, other) = (try policy(one), try policy(other))
        let client = try #require(one.clients(named: "kid").first)
        for text in names {
            guard let name = try? DomainName(text: text) else { continue }
            for type in [RecordType.a, .aaaa] {
                let question = PolicyQuestion(client: client, name: name, type: type, time: PolicyTable.now)
                let decision = one.decide(question, pause: FilteringPause())
                #expect(other.decide(question, pause: FilteringPause()) == decision, "\(text)")
            }
        }
    }

    @Test func everyKindOfRuleComesBack() throws {
        let text = """
            [Adblock Plus 2.0]
            ! comment
            ||ads.example^
            plain.example
            |exact.example^
            @@||good.ads.example^$important
            /^track[0-9]+\\.example$/
            ads*.example
            ||types.example^$dnstype=AAAA
            ||denied.example^$denyallow=fine.denied.example
            ||rewritten.example^$dnsrewrite=NOERROR;A;10.0.0.1
            ||client.example^$client='kid'
            ||taken-back.example^
            ||taken-back.example^$badfilter
            ||bad.example^$unknown
            example.com##.ad
            """
        let list = try compile(text.utf8, .adblock)
        let again = try reopened(list)
        #expect(again.count == list.count)
        #expect(again.skipped == list.skipped)
        #expect(again.format == .adblock)
        #expect(again.skipped.count == 2)
        try expectAlike(
            list, again,
            [
                "ads.example", "www.ads.example", "plain.example", "www.plain.example", "exact.example",
                "www.exact.example", "good.ads.example", "track1.example", "xtrack1.example", "ads77.example",
                "types.example", "denied.example", "fine.denied.example", "rewritten.example", "client.example",
                "taken-back.example", "bad.example", "example.com",
            ])
        // A list of a file can be written again.
        let third = try reopened(again)
        #expect(third.count == list.count)
        #expect(third.skipped == list.skipped)
    }

    /// The published lists where they are at hand; generated ones otherwise.
    @Test(arguments: [
        ("stevenblack.domains", Blocklist.Format.domains), ("stevenblack.adblock", .adblock),
        ("easylist.adblock", .adblock), ("easylist.domains", .wildcardDomains),
    ])
    func publishedListsAnswerAlike(name: String, format: Blocklist.Format) throws {
        let text = try PublishedLists.text(name) ?? generated(format)
        let list = try compile(text, format)
        let again = try reopened(list)
        #expect(again.count == list.count)
        #expect(again.tableBytes == list.tableBytes)
        let names = String(decoding: text, as: UTF8.self).split(separator: "\n").lazy
            .map { $0.trimmingPrefix("||").prefix { $0 != "^" } }
        let step = ProcessInfo.processInfo.environment["WIREBUDDY_PROVE"] == "1" ? 1 : 20
        for (number, name) in names.enumerated() where number % step == 0 {
            try expectAlike(list, again, [String(name), "www.\(name)", "x\(name)"])
        }
    }

    private func generated(_ format: Blocklist.Format) -> [UInt8] {
        let mark = format == .adblock ? ("||", "^") : ("", "")
        return Array((0..<5000).map { "\(mark.0)host\($0 % 7).site\($0).example\(mark.1)\n" }.joined().utf8)
    }

    @Test func aFileThatIsNotWholeIsRefused() throws {
        let path = try path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: ListFileFault.absent) { try CompiledList.read(path, name: "l", key: PolicyTable.key) }
        let text = (0..<50).map { "name\($0).example\n" }.joined() + "@@||good.example^\n"
        try compile(text.utf8, .adblock).write(to: path)
        let whole = try Data(contentsOf: URL(filePath: path))
        for length in 0..<whole.count {
            try Data(whole.prefix(length)).write(to: URL(filePath: path))
            #expect(throws: ListFileFault.self) { try CompiledList.read(path, name: "l", key: PolicyTable.key) }
        }
        for place in whole.indices {
            var changed = whole
            changed[place] ^= UInt8(1 << (place % 8))
            try changed.write(to: URL(filePath: path))
            #expect(throws: ListFileFault.self) { try CompiledList.read(path, name: "l", key: PolicyTable.key) }
        }
        try whole.write(to: URL(filePath: path))
        #expect(throws: ListFileFault.key) { try CompiledList.read(path, name: "l", key: .random()) }
        var newer = whole
        newer[8] = 9
        try newer.write(to: URL(filePath: path))
        #expect(throws: ListFileFault.version(9)) { try CompiledList.read(path, name: "l", key: PolicyTable.key) }
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/hosts")
        #expect(throws: ListFileFault.self) { try CompiledList.read(path, name: "l", key: PolicyTable.key) }
    }

    @Test func aFileInUseMayBeReplaced() throws {
        let path = try path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try compile((0..<10_000).map { "old\($0).example\n" }.joined().utf8, .domains).write(to: path)
        let old = try CompiledList.read(path, name: "l", key: PolicyTable.key)
        try compile("new.example\n".utf8, .domains).write(to: path)
        let new = try CompiledList.read(path, name: "l", key: PolicyTable.key)
        try FileManager.default.removeItem(atPath: path)
        let (before, after) = (try policy(old), try policy(new))
        let question = PolicyQuestion(
            client: try #require(before.clients(named: "kid").first), name: try DomainName(text: "old9999.example"),
            type: .a, time: PolicyTable.now)
        #expect(before.decide(question, pause: FilteringPause()).action == .block)
        #expect(after.decide(question, pause: FilteringPause()).action == .pass)
    }

    @Test func anUnwritablePlaceIsAFault() throws {
        let list = try compile("a.example\n".utf8, .domains)
        #expect(throws: ListFileFault.system("no such file or directory")) {
            try list.write(to: Self.folder.appending(path: "absent/l").path)
        }
    }

    @Test func repeatedNamesTakeNoRoom() throws {
        let list = try compile(String(repeating: "same.example\n", count: 100_000).utf8, .domains)
        #expect(list.count == 1)
        #expect(list.tableBytes < 1000)
    }

    @Test func aKeyIsStored() throws {
        let key = NameKey.random()
        #expect(key.bytes.count == 16)
        #expect(NameKey(bytes: key.bytes) == key)
        #expect(NameKey(bytes: key.bytes.dropLast()) == nil)
    }
}
