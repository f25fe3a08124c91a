import DNSPolicy
import Fuzzing
import Model

@testable import Manifest

/// Lines that stand in the place of some of a long list of rules: the first byte says where, the second of how many.
struct LongListEdit {
    private let input: [UInt8]
    private let before: [UInt8]
    private let after: [UInt8]

    init(_ input: [UInt8]) {
        self.input = input
        var lines = ["# rules", "kind: DNSRules", "adblock: |", "  ||ads.example.com^", "rules:"]
        for number in 0..<36 {
            switch number % 4 {
            case 0: lines += ["  - {action: block, domain: host\(number).example.com}"]
            case 1:
                lines += ["  - action: block", "    domain: host\(number).example.com", "    comment: |", "      why"]
            case 2: lines += ["  -", "    action: allow", "    domain: \"host\(number).example.com\"  # comment"]
            default: lines += ["  - action: block", "    domain: host\(number).example.com"]
            }
        }
        before = Array((lines.joined(separator: "\n") + "\n").utf8)
        let start = Int(input.first ?? 0) % (lines.count + 1)
        let count = min(Int(input.dropFirst().first ?? 0) % 8, lines.count - start)
        let head = lines[..<start].map { $0 + "\n" }.joined()
        let tail = lines[(start + count)...].map { $0 + "\n" }.joined()
        after = Array(head.utf8) + input.dropFirst(2) + Array(tail.utf8)
    }

    func check() {
        let syntax = RuleSyntax()
        let known = Manifest.parse(path: "a.yaml", bytes: before, dnsSyntax: syntax)
        guard known.list != nil else { broken("the list itself is not read", before) }
        let whole = Manifest.parse(path: "a.yaml", bytes: after, dnsSyntax: syntax)
        let piecewise = Manifest.parse(path: "a.yaml", bytes: after, dnsSyntax: syntax, known: known)
        guard Self.text(of: whole) == Self.text(of: piecewise) else {
            broken("\(Self.text(of: whole))\n--- but by pieces\n\(Self.text(of: piecewise))", after)
        }
    }

    /// All that a file of rules says, with its places.
    private static func text(of file: ParsedFile) -> String {
        var lines = file.problems.map { $0.render() } + ["\(file.mayHoldMore) \(file.list == nil)"]
        for (index, object) in file.objects.enumerated() {
            lines.append("\(file.place(of: index))")
            guard case .dnsRules(let group) = object else { continue }
            lines += group.object.lines.map { "\($0)" }
            lines += group.object.rules.map { "\($0.start) \($0.object) \($0.object.location)" }
            lines += group.object.rules.indices.map { "\(group.position(of: DNSRulesKind.rules, item: $0 + 1))" }
        }
        if let list = file.list { lines += nodes(list.document.root) }
        return lines.joined(separator: "\n")
    }

    private static func nodes(_ node: Node) -> [String] {
        switch node.content {
        case .scalar(let scalar): ["\(node.range) \(scalar.style) \(scalar.text)"]
        case .unsupported: ["\(node.range) unsupported"]
        case .list(let items): ["\(node.range) list"] + items.flatMap(nodes)
        case .map(let entries):
            ["\(node.range) map"] + entries.flatMap { ["\($0.key.range) \($0.key.text)"] + nodes($0.value) }
        }
    }
}
