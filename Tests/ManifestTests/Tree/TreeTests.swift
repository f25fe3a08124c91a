import Manifest
import Model
import Testing

@Suite("Tree")
struct TreeTests {
    private static let keys = [
        "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=", "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=",
        "gN65BkIKy1eCE9pP1wdc8ROUtkHLF2PfAqYdyYBz6EA=",
    ]
    private static let interface = "kind: Interface\nname: wg0\naddress: 10.8.0.1/24\nlisten_port: 51820\n"

    private static func peer(_ name: String, _ number: Int = 0, ip: String? = nil, extra: String = "") -> String {
        let line = ip.map { "ip: \($0)\n" } ?? ""
        return "kind: Peer\nname: \(name)\ninterface: wg0\n\(line)public_key: \(keys[number])\n\(extra)"
    }

    private func load(_ files: KeyValuePairs<String, String>) -> LoadResult {
        Manifest.load(
            files.map { SourceFile(path: $0.key, bytes: Array($0.value.utf8)) }, now: Timestamp(seconds: 1_780_000_000))
    }

    private func lines(_ files: KeyValuePairs<String, String>) -> [String] {
        load(files).problems.map { "\($0.path):\($0.line):\($0.column) \($0.code.rawValue)" }
    }

    @Test("every problem of every file, sorted")
    func sorted() {
        #expect(
            lines([
                "b.yaml": Self.peer("b", 1, ip: "10.9.0.2"), "a.yaml": Self.interface + "foo: 1\nbar: 2\n",
                "c/d.yaml": "kind: Peer\nname: [\n",
            ]) == [
                "a.yaml:5:1 unknown-field", "a.yaml:6:1 unknown-field", "b.yaml:4:5 address-outside-prefix",
                "c/d.yaml:3:1 syntax",
            ])
    }

    @Test(
        "a file that can't be read may hold what is missing",
        arguments: [
            "kind: Interface\nname: wg0\naddress: [\n", "\u{0}", "kind: Interfce\nname: wg0\n", "- a\n", "name: wg0\n",
            "kind: Interface\nname: \"wg 0\"\naddress: 10.8.0.1/24\nlisten_port: 51820\n",
            "kind: Interface\nname: *x\naddress: 10.8.0.1/24\nlisten_port: 51820\n",
        ])
    func noCascade(broken: String) {
        let found = load(["interface.yaml": broken, "peer.yaml": Self.peer("a", ip: "10.8.0.2")])
        #expect(found.catalog == nil)
        #expect(!found.problems.isEmpty)
        #expect(!found.problems.contains { $0.path == "peer.yaml" })
    }

    @Test("an interface with a refused field is still there for its peers")
    func noCascadeFromFields() {
        #expect(
            lines([
                "i.yaml": "kind: Interface\nname: wg0\naddress: 10.8.0.1\nlisten_port: 0\n",
                "p.yaml": Self.peer("a", ip: "10.8.0.2"),
            ]) == ["i.yaml:3:10 invalid-value", "i.yaml:4:14 invalid-value"])
    }

    @Test("a document after a broken one is still judged")
    func recovery() {
        #expect(
            lines(["all.yaml": Self.interface + "---\nkind: Peer\nname: 'a\n---\n" + Self.peer("b", ip: "10.8.0.1")])
                == ["all.yaml:8:1 syntax", "all.yaml:12:5 reserved-address"])
    }

    @Test("the order of files changes nothing")
    func order() {
        let files = [
            SourceFile(path: "z.yaml", bytes: Array(Self.interface.utf8)),
            SourceFile(path: "a.yaml", bytes: Array(Self.peer("a", ip: "10.8.0.2").utf8)),
            SourceFile(path: "b.yaml", bytes: Array(Self.peer("b", 0, ip: "10.8.0.2").utf8)),
            SourceFile(path: "c.yaml", bytes: Array(Self.peer("c", 2).utf8)),
        ]
        let now = Timestamp(seconds: 1_780_000_000)
        let expected = Manifest.load(files, now: now).problems
        #expect(expected.map(\.path) == ["b.yaml", "b.yaml", "c.yaml"])
        #expect(expected.last?.suggestion == "ip: 10.8.0.3")
        #expect(Manifest.load(files.reversed(), now: now).problems == expected)
    }

    @Test("proposed addresses avoid every used one, wherever it stands")
    func proposals() {
        let result = load([
            "a.yaml": Self.peer("a") + "---\n" + Self.peer("b", 1), "i.yaml": Self.interface,
            "z.yaml": Self.peer("z", 2, ip: "10.8.0.2"),
        ])
        #expect(result.problems.map(\.suggestion) == ["ip: 10.8.0.3", "ip: 10.8.0.4"])
        #expect(result.problems.map(\.line) == [1, 6])
    }

    @Test("no file, empty files and comments are no documents", arguments: [[], [""], ["# nothing\n", "---\n---\n"]])
    func empty(texts: [String]) {
        let files = texts.enumerated().map { SourceFile(path: "\($0).yaml", bytes: Array($1.utf8)) }
        let result = Manifest.load(files, now: Timestamp(seconds: 0))
        #expect(result.catalog == nil)
        #expect(result.problems.map(\.code) == [.noDocuments])
    }

    @Test(
        "labels of names",
        arguments: [
            ("John's iPhone", "johns-iphone"), ("John’s iPhone", "johns-iphone"), ("Édouard Müller", "edouard-muller"),
            ("Straße 5", "strasse-5"), ("Øl & Łódź", "ol-lodz"), ("--a__b--", "a-b"), ("'日本'", "peer-c5320103"),
            ("📱", "peer-c5320103"), ("Việt Nam", "viet-nam"), ("ﬁ œ", "fi-oe"),
            ("'123 456'", "123-456"),
            (String(repeating: "ab-", count: 40), String(repeating: "ab-", count: 21).dropLast().description),
        ])
    func dnsNames(name: String, label: String) {
        let result = load(["i.yaml": Self.interface, "p.yaml": Self.peer(name, ip: "10.8.0.2")])
        #expect(result.catalog?.peers.first?.dnsName == label, "\(result.problems)")
    }

    @Test("what is shown can't drive a terminal")
    func escaping() {
        let kinds =
            "Interface, Peer, Settings, Recipients, User, DNSSettings, Blocklist, DNSRule, DNSRules, Access, Forward"
            + ", Approval, Acknowledgement"
        let result = load(["a\u{1B}[31m\n.yaml": "kind: \"Pe\\e[31mer\\u202e\"\n"])
        #expect(
            result.problems.map { $0.render() } == [
                "a\\u{1b}[31m\\u{a}.yaml:1:7: error[unknown-kind]: unknown kind \"Pe\\u{1b}[31mer\\u{202e}\"\n"
                    + "    supported: \(kinds)"
            ])
        #expect(
            result.problems.map { $0.renderJSON() } == [
                #"{"path":"a\u001b[31m\n.yaml","line":1,"column":7,"severity":"error","code":"unknown-kind","#
                    + #""message":"unknown kind \"Pe\\u{1b}[31mer\\u{202e}\"","#
                    + #""suggestion":"supported: \#(kinds)"}"#
            ])
    }

    @Test(
        "did you mean",
        arguments: [
            ("adress", "address"), ("listenport", "listen_port"), ("LISTEN-PORT", "listen_port"), ("nmae", "name"),
            ("publickey", nil), ("xyz", nil), ("mss-clmap", "mss_clamp"),
        ] as [(String, String?)])
    func spelling(word: String, meant: String?) {
        let result = load(["i.yaml": Self.interface + "\(word): 1\n"])
        let suggestion = result.problems.first?.suggestion ?? ""
        if let meant {
            #expect(suggestion == "did you mean \"\(meant)\"?")
        } else {
            #expect(suggestion.hasPrefix("fields: name, "))
        }
    }

    @Test("the host file: empty, one, two documents")
    func hostFile() {
        #expect(HostFile.decode(path: "h", bytes: []).configuration == HostConfiguration())
        let text = "state: /srv/wirebuddy\nrepository: {branch: prod, mode: readonly}\nsecrets: {env: [A, B]}\n"
        var expected = HostConfiguration()
        expected.state = "/srv/wirebuddy"
        expected.branch = "prod"
        expected.mode = .readOnly
        expected.secretsEnvironment = ["A", "B"]
        #expect(HostFile.decode(path: "h", bytes: Array(text.utf8)).configuration == expected)
        let twice = HostFile.decode(path: "h", bytes: Array((text + "---\n" + text).utf8))
        #expect(twice.configuration == nil)
        #expect(twice.problems.map(\.line) == [5])
    }
}
