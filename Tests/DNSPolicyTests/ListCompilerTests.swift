import DNSPolicy
import Model
import Testing

/// Texts as a whole: pieces, limits, pages instead of lists.
@Suite struct ListCompilerTests {
    private func compile(
        _ text: String, _ format: Blocklist.Format = .domains, piece: Int = 1000,
        limits: ListCompiler.Limits = ListCompiler.Limits()
    ) throws(ListFault) -> CompiledList {
        var compiler = ListCompiler(name: "l", format: format, key: PolicyTable.key, limits: limits)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            try compiler.take(rest.prefix(piece))
            rest = rest.dropFirst(piece)
        }
        return try compiler.finish()
    }

    @Test(arguments: 1...40)
    func piecesAreCutAnywhere(piece: Int) throws {
        let list = try compile(
            "one.example\r\n# two\n\nthree.example\nthree.example\nno name\nfour.example", piece: piece)
        #expect(list.count == 3)
        #expect(list.skipped == [.badName: 1])
    }

    @Test func aByteOrderMarkIsNoPartOfAName() throws {
        #expect(try compile("\u{FEFF}one.example\n").skipped.isEmpty)
    }

    @Test(arguments: ["<!DOCTYPE html>\n<html>", "\n\n  <html><body>one.example", "<?xml version='1.0'?>"])
    func aPageIsNoList(text: String) {
        #expect(throws: ListFault.page) { try compile(text) }
        #expect(throws: ListFault.page) { try compile(text, .adblock) }
    }

    @Test func aTagAmongRulesIsALineOnly() throws {
        #expect(try compile("one.example\n<b>two</b>\n").skipped == [.badName: 1])
    }

    @Test func limits() throws {
        var limits = ListCompiler.Limits()
        limits.bytes = 20
        #expect(throws: ListFault.tooLarge(bytes: 20)) {
            try compile("one.example\ntwo.example\n", piece: 5, limits: limits)
        }
        limits = ListCompiler.Limits()
        limits.lines = 2
        #expect(throws: ListFault.tooManyLines(2)) { try compile("a.example\nb.example\nc.example\n", limits: limits) }
        limits = ListCompiler.Limits()
        limits.rules = 2
        #expect(throws: ListFault.tooManyRules(2)) {
            try compile("@@||a.example^\n@@||b.example^\n@@||c.example^\n||d.example^\n", .adblock, limits: limits)
        }
        limits = ListCompiler.Limits()
        limits.lineLength = 30
        let long = String(repeating: "a", count: 10_000)
        let list = try compile("a.example\n\(long)\nb.example\n\(long)", piece: 7, limits: limits)
        #expect(list.count == 2)
        #expect(list.skipped == [.tooLong: 2])
    }

    @Test func nothingInIt() {
        #expect(throws: ListFault.empty(skipped: 0)) { try compile("") }
        #expect(throws: ListFault.empty(skipped: 0)) { try compile("# one\n\n! two\n") }
        #expect(throws: ListFault.empty(skipped: 2)) { try compile("a b\n10.0.0.1\n") }
    }

    @Test func memoryOfNames() throws {
        let text = (0..<100_000).map { "name\($0).example\n" }.joined()
        let list = try compile(text)
        #expect(list.count == 100_000)
        #expect(list.tableBytes <= 16 * 100_000 + 100)
    }

    /// Ten times the names take about ten times as long; badly spread they would take a hundred times.
    @Test func namesAreSpread() throws {
        func time(_ count: Int) throws -> Duration {
            let text = (0..<count).map { "name\($0).example\n" }.joined()
            return try ContinuousClock().measure { _ = try compile(text) }
        }
        _ = try time(100)
        #expect(try time(50_000) < time(5_000) * 40)
    }

    /// Whatever a list holds, reading it ends and nothing traps.
    @Test(arguments: 1...8)
    func rubbish(seed: UInt64) throws {
        var random = SplitMix(seed)
        let pieces = [
            "||", "|", "^", "@@", "$", "=", ",", "~", "/", "\\", "*", ".", "example", "ads", "client", "dnstype",
            "dnsrewrite", "denyallow", "important", "badfilter", ";", "'", "\"", "A", "#", "##", "!", "[", "]",
            "0.0.0.0 ",
            " ", "\t", "ü", "\u{0}", "\u{7F}", "(", ")", "NXDOMAIN", "\n", "\n", "\r\n", "\u{FEFF}", "xn--a",
        ]
        for format in Blocklist.Format.allCases {
            let text = (0..<20_000).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
            _ = try? compile(text, format, piece: 777)
        }
    }
}

/// A generator with a fixed seed (SplitMix64), so that a failing case comes again.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
