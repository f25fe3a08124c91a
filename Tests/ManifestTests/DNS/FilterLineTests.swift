import Manifest
import Model
import Testing

@Suite("Lines of adblock blocks")
struct FilterLineTests {
    private func lines(_ text: String, path: String = "r.yaml") -> [String] {
        let file = Manifest.parse(path: path, bytes: Array(text.utf8))
        #expect(file.problems == [], "\(file.problems.map { $0.render() })")
        return ManifestTree(files: [file]) { _ in [] }.dnsFilterLines.map { line in
            "\(line.location.line):\(line.location.column) \(line.text)"
        }
    }

    @Test("a literal block has its lines where they stand")
    func literal() {
        let text =
            "kind: DNSRules\nadblock: |\n  ! ads\n  ||ads.example^\n\n    @@||ok.example^ \n  # why\n  #\n"
            + "  example.org##.ad\n"
        #expect(lines(text) == ["4:3 ||ads.example^", "6:5 @@||ok.example^", "9:3 example.org##.ad"])
        #expect(lines(text.replacing("\n", with: "\r\n")) == lines(text))
    }

    @Test(
        "headers, indentation and chomping change no place",
        arguments: ["|", "|-", "|  # of the list", "|2", "|-2"])
    func headers(header: String) {
        let text = "kind: DNSRules\nadblock: \(header)\n\n  é||a^\n  ||b^\nrules: []\n"
        #expect(lines(text) == ["4:3 é||a^", "5:3 ||b^"])
        let deep = "kind: DNSRules\nadblock: \(header.replacing("2", with: "7"))\n       ||a^\n"
        #expect(lines(deep) == ["3:8 ||a^"])
    }

    @Test("blank lines that are kept at the end cost the column, not the line")
    func kept() {
        #expect(lines("kind: DNSRules\nadblock: |+\n  ||a^\n\n\n") == ["3:1 ||a^"])
    }

    @Test("lines that are none of the file stand where their text does")
    func others() {
        #expect(lines("kind: DNSRules\nadblock: ads.example^\n") == ["2:10 ads.example^"])
        #expect(lines("kind: DNSRules\nadblock: \"||a^\\n||b^\"\n") == ["2:10 ||a^", "2:10 ||b^"])
        #expect(lines("kind: DNSRules\nadblock: >\n  ||a^\n\n  ||b^\n") == ["2:10 ||a^", "2:10 ||b^"])
        #expect(
            lines("{\"kind\": \"DNSRules\", \"adblock\": \"||a^\\n! b\\n||c^\"}", path: "r.json")
                == ["1:33 ||a^", "1:33 ||c^"])
        #expect(lines("kind: DNSRules\nadblock: \"\"\n") == [])
    }

    @Test("what the syntax refuses is named with its line")
    func refused() {
        let text = "kind: DNSRules\nadblock: |\n  ||a^\n  ||b^$nonsense\nrules:\n  - {action: block, domain: /(?=a)/}\n"
        let found = Manifest.parse(path: "r.yaml", bytes: Array(text.utf8)).problems.map { $0.render() }
        #expect(
            found.sorted() == [
                "r.yaml:4:3: error[unusable-rule]: the line \"||b^$nonsense\" of DNSRules can't be used:"
                    + " unknown modifier nonsense",
                "r.yaml:6:29: error[unusable-rule]: domain of DNSRule \"/(?=a)/\" can't be used:"
                    + " look-ahead takes more than linear time",
            ])
    }

    @Test("100,000 lines are read in a moment")
    func speed() {
        let text =
            "kind: DNSRules\nadblock: |\n"
            + (0..<100_000).map { "  ||ads-\($0).example.com^\n" }.joined()
        let clock = ContinuousClock()
        var count = 0
        let time = clock.measure {
            let file = Manifest.parse(path: "r.yaml", bytes: Array(text.utf8))
            count = ManifestTree(files: [file]) { _ in [] }.dnsFilterLines.count
        }
        print("100,000 lines of an adblock block: \(time)")
        #expect(count == 100_000)
        #expect(time < .seconds(10))
    }
}
