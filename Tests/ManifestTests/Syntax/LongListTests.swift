import Model
import Testing

@testable import Manifest

/// A text of which only the items that differ are read must come to what a reading of the whole text comes to.
@Suite("Long lists")
struct LongListTests {
    @Test("random edits of a long list: what is read of items alone is what the whole text says", arguments: 0..<24)
    func edits(seed: Int) throws {
        var text = RulesGenerator(seed: UInt64(seed))
        var known = Manifest.parse(path: "rules.yaml", bytes: text.bytes)
        #expect(known.problems.map { $0.render() } == [], "\(text.string)")
        #expect(known.list != nil)
        for _ in 0..<20 {
            let before = text
            text.edit()
            let whole = Manifest.parse(path: "rules.yaml", bytes: text.bytes)
            let piecewise = Manifest.parse(path: "rules.yaml", bytes: text.bytes, known: known)
            #expect(Reading(piecewise) == Reading(whole), "\(before.string)\n-- became --\n\(text.string)")
            #expect((piecewise.list == nil) == (whole.list == nil))
            if let list = piecewise.list, let full = whole.list {
                #expect(Reading.nodes(list.document.root) == Reading.nodes(full.document.root), "\(text.string)")
            }
            // From what is broken nothing is read on.
            if whole.list == nil { text = before } else { known = piecewise }
        }
    }

    @Test("an edit of one item reads that item", arguments: [0, 1, 100, 198, 199])
    func one(item: Int) throws {
        let text = Self.rules(200)
        let list = try #require(Manifest.parse(path: "rules.yaml", bytes: Array(text.utf8)).list)
        let changed = text.replacing("host\(item).", with: "other\(item).")
        let (next, change) = try #require(list.reading(Array(changed.utf8)))
        #expect(change.old == item..<item + 1 && change.new == change.old)
        #expect(next.items.count == 200)
        let removed = text.replacing("  - action: block\n    domain: host\(item).example.com\n", with: "")
        let (shorter, removal) = try #require(list.reading(Array(removed.utf8)))
        #expect(shorter.items.count == 199)
        #expect(removal.old.count <= 3)
        let (longer, addition) = try #require(list.reading(Array((text + "  - action: allow\n    domain: x.y\n").utf8)))
        #expect(longer.items.count == 201)
        #expect(addition.old == 199..<200 && addition.new == 199..<201)
    }

    @Test(
        "what is not certain is read as a whole",
        arguments: [
            "---\n", "...\n", "%YAML 1.2\n", "  - {action: block, domain: \"\n", "lines: 1\n- a\n", "\t- a\n",
            "  - &a b\n", "   - action: block\n     domain: a.b\n", "rules: []\n",
        ])
    func uncertain(_ added: String) throws {
        let text = Self.rules(40)
        let list = try #require(Manifest.parse(path: "rules.yaml", bytes: Array(text.utf8)).list)
        #expect(list.reading(Array((text + added).utf8)) == nil)
    }

    @Test("edits of a long list are those of a list that is read as a whole", arguments: 0..<24)
    func editor(seed: Int) throws {
        let text = RulesGenerator(seed: UInt64(seed)).bytes
        let known = Manifest.parse(path: "rules.yaml", bytes: text)
        let count = try #require(known.list).items.count
        var random = Random(seed: UInt64(seed))
        let rule = EditValue.map([
            EditField("action", .string("block")), EditField("domain", .string("new.example.com")),
        ])
        var edits: [Edit] = []
        for _ in 0..<4 {
            switch random.next(4) {
            case 0: edits.append(.append(document: 0, path: ["rules"], value: rule))
            case 1: edits.append(.removeItem(document: 0, path: ["rules"], index: random.next(count - 8)))
            case 2:
                let path = ["rules", "\(random.next(count - 8))", "comment"]
                edits.append(.set(document: 0, path: path, value: .string("a: \(seed)")))
            default: edits.append(.remove(document: 0, path: ["rules", "\(random.next(count - 8))", "comment"]))
            }
        }
        let result = { (known: ParsedFile?) in
            Result { () throws in try ManifestEditor.apply(edits, to: text, path: "rules.yaml", known: known) }
        }
        switch (result(nil), result(known)) {
        case (.success(let whole), .success(let piecewise)): #expect(whole == piecewise)
        case (.failure(let whole), .failure(let piecewise)): #expect("\(whole)" == "\(piecewise)")
        case (let whole, let piecewise): Issue.record("\(whole) as a whole, \(piecewise) by items: \(edits)")
        }
    }

    @Test("one rule more costs less than a fifth of reading all of them")
    func cost() throws {
        let text = Array(Self.rules(5000).utf8)
        let clock = ContinuousClock()
        let more = text + Array("  - action: allow\n    domain: x.y\n".utf8)
        let known = Manifest.parse(path: "rules.yaml", bytes: text)
        let (whole, piecewise) = (0..<3).map { _ in
            (
                clock.measure { _ = Manifest.parse(path: "rules.yaml", bytes: more) },
                clock.measure { _ = Manifest.parse(path: "rules.yaml", bytes: more, known: known) }
            )
        }.reduce((.seconds(1000), .seconds(1000))) { (min($0.0, $1.0), min($0.1, $1.1)) }
        print("5,001 rules: read \(whole), one more \(piecewise)")
        #expect(piecewise * 5 < whole)
    }

    private static func rules(_ count: Int) -> String {
        "kind: DNSRules\nrules:\n"
            + (0..<count).map { "  - action: block\n    domain: host\($0).example.com\n" }.joined()
    }
}

extension Manifest {
    fileprivate static func parse(path: String, bytes: [UInt8], known: ParsedFile?) -> ParsedFile {
        parse(path: path, bytes: bytes, dnsSyntax: TestSyntax(), known: known)
    }
}

/// All that a file of rules says, with its places.
private struct Reading: Equatable {
    var problems: [String]
    var mayHoldMore: Bool
    var rules: [[String]] = []
    var lines: [DNSFilterLine] = []

    init(_ file: ParsedFile) {
        problems = file.problems.map { $0.render() }
        mayHoldMore = file.mayHoldMore
        for (index, object) in file.objects.enumerated() {
            guard case .dnsRules(let group) = object else { continue }
            lines += group.object.lines
            rules.append(["\(file.place(of: index))"] + Self.places(of: group))
            rules += group.object.rules.map { ["\($0.object)", "\($0.object.location)"] + Self.places(of: $0) }
            for item in 0..<group.object.rules.count {
                rules.append(["\(group.position(of: DNSRulesKind.rules, item: item + 1))"])
            }
        }
    }

    private static func places<Object>(of declared: Declared<Object>) -> [String] {
        ["\(declared.start) \(declared.present) \(declared.valid) \(declared.isComplete) \(declared.path)"]
            + (0..<7).map { "\(declared.position(of: $0))" }
    }

    /// A tree with its places, one line a node.
    static func nodes(_ node: Node) -> [String] {
        switch node.content {
        case .scalar(let scalar): ["\(node.range) \(scalar.style) \(scalar.text)"]
        case .unsupported: ["\(node.range) unsupported"]
        case .list(let items): ["\(node.range) list"] + items.flatMap(nodes)
        case .map(let entries):
            ["\(node.range) map"] + entries.flatMap { ["\($0.key.range) \($0.key.text)"] + nodes($0.value) }
        }
    }
}

/// Files of rules as people write them, and what people do to them.
private struct RulesGenerator {
    private var random: Random
    private var lines: [String] = []
    private var lineBreak: String
    private var endsLine: Bool
    private let column: String

    init(seed: UInt64) {
        random = Random(seed: seed)
        lineBreak = random.next(4) == 0 ? "\r\n" : "\n"
        // A text of lines must end in one.
        endsLine = true
        column = ["", "  ", "    "][random.next(3)]
        if random.next(3) == 0 { lines.append("# about these ü") }
        lines.append("kind: DNSRules")
        let block = ["adblock: |", "  ||ads.example.com^", "", "  ! comment", "  @@||good.example.com^"]
        let place = random.next(3)
        if place == 0 { lines += block }
        lines.append("rules:" + (random.next(3) == 0 ? "  # all of them" : ""))
        for number in 0..<40 { lines += item(number) }
        if place == 1 { lines += block }
        if random.next(4) == 0 { lines.append("# the end") }
    }

    var string: String { lines.joined(separator: lineBreak) + (endsLine ? lineBreak : "") }
    var bytes: [UInt8] { Array(string.utf8) }

    private mutating func item(_ number: Int) -> [String] {
        let domain = "host\(number).example.com"
        var item: [String]
        switch random.next(7) {
        case 0: item = ["- {action: block, domain: \(domain)}"]
        case 1: item = ["- {action: block,", "   domain: \"\(domain)\", comment: 'it''s'}"]
        case 2: item = ["-  action: block", "   domain: \(domain)", "   comment: |", "     two", "", "     lines"]
        case 3: item = ["- action: allow  # why", "  domain: \(domain)", "  comment: plain", "    on two lines"]
        case 4: item = ["-", "  action: block", "  domain: \(domain)"]
        case 5: item = ["- \"action\": block", "  domain: '\(domain)'", "  comment: ü \(number)"]
        default: item = ["- action: block", "  domain: \(domain)"]
        }
        if random.next(6) == 0 { item.insert("# about the next", at: 0) }
        if random.next(8) == 0 { item.append("") }
        return item.map { $0.isEmpty ? "" : column + $0 }
    }

    mutating func edit() {
        let line = random.next(lines.count + 1)
        switch random.next(8) {
        case 0, 1: lines.insert(contentsOf: item(100 + random.next(900)), at: line)
        case 2 where line < lines.count: lines.remove(at: line)
        case 3 where line < lines.count: lines.insert(lines[line], at: line)
        case 4 where line < lines.count: lines[line] += random.next(2) == 0 ? "x" : "  # more"
        case 5 where !lines[min(line, lines.count - 1)].isEmpty && line < lines.count:
            var characters = Array(lines[line])
            let odd: [Character] = ["-", " ", ":", "#", "\"", "'", "[", "}", "|", "é", "%", ".", "x", "~", "\t"]
            characters[random.next(characters.count)] = odd[random.next(odd.count)]
            lines[line] = String(characters)
        case 6:
            let odd = ["---", "...", "%YAML 1.2", "# c", "", "- a", "  - a", "x: 1", "    - b", "- [", "- |1", "-x"]
            lines.insert(odd[random.next(odd.count)], at: line)
        default: endsLine.toggle()
        }
    }
}
