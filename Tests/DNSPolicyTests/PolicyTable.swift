import DNSPolicy
import Model
import Testing

/// A policy and what it must decide, in one text:
///
/// ```
/// peer wg0/kid 10.8.0.2/32            everybody who asks; `lists=a,b` or `lists=` selects, `unfiltered`,
///                                     `resolvers=blocked`
/// rule ||example.org^                 a line of the repository's own rules, `rules:1` and so on
/// list ads adblock                    a list; its lines begin with `| `
/// | ||ads.example^
/// ads.example kid A -> block by ads:1 everything else is an expectation
/// ```
struct PolicyTable {
    let policy: Policy
    let table: ExpectationTable

    static let now = Timestamp(seconds: 1_800_000_000)
    static let key = NameKey(1, 2)

    init(_ text: String) throws {
        var peers: [PolicyPeer] = []
        var rules = OwnRules()
        var ruleCount = 0
        var lists: [(name: String, format: Blocklist.Format, text: String)] = []
        var expectations: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.split(separator: " ").map(String.init)
            var expectation = ""
            switch words.first {
            case "peer": peers.append(try Self.peer(words))
            case "rule":
                ruleCount += 1
                let place = Model.SourceLocation(path: "rules", line: ruleCount, column: 1)
                try rules.add(DNSFilterLine(text: String(line.dropFirst(5)), location: place))
            case "list": lists.append((words[1], try #require(Blocklist.Format(rawValue: words[2])), ""))
            case "|": lists[lists.count - 1].text += line.dropFirst(2) + "\n"
            default: expectation = String(line)
            }
            expectations.append(expectation)
        }
        if peers.isEmpty { peers = [try Self.peer(["peer", "wg0/kid", "10.8.0.2/32"])] }
        let compiled = try lists.map { list in
            var compiler = ListCompiler(name: list.name, format: list.format, key: Self.key)
            try compiler.take(list.text.utf8)
            return try compiler.finish()
        }
        policy = try Policy(peers: peers, rules: rules, lists: compiled, key: Self.key, isBlocking: true)
        table = try ExpectationTable(expectations.joined(separator: "\n"))
    }

    private static func peer(_ words: [String]) throws -> PolicyPeer {
        let parts = words[1].split(separator: "/").map(String.init)
        let lists = words.first { $0.hasPrefix("lists=") }?.dropFirst(6).split(separator: ",").map(String.init)
        return PolicyPeer(
            interface: parts[0], name: parts[1],
            allowedIPs: try words[2].split(separator: ",").map { try #require(Prefix(String($0))) },
            isFiltered: !words.contains("unfiltered"), blocklists: lists,
            blocksResolvers: words.contains("resolvers=blocked"))
    }

    /// Records an issue for each expectation that is not met; a table without any is a mistake.
    static func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let table = try PolicyTable(text)
        try #require(!table.table.expectations.isEmpty, sourceLocation: sourceLocation)
        for failure in table.policy.failures(of: table.table, time: now) {
            let expectation = failure.expectation
            Issue.record(
                """
                line \(expectation.line): \(expectation.name) \(expectation.type) for \(failure.client ?? "?"): \
                expected \(expectation.outcome) \(expectation.source ?? ""), found \(failure.found)
                """, sourceLocation: sourceLocation)
        }
    }
}

typealias SourceLocation = Testing.SourceLocation
