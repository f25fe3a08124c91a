import Fuzzing
import Model

@testable import DNSPolicy

/// What must hold for a list that was read.
struct ListInvariants {
    let list: CompiledList
    let text: [UInt8]
    private let client = PolicyClient(
        PolicyPeer(interface: "wg0", name: "phone", allowedIPs: [], isFiltered: true, blocklists: nil),
        address: IPAddress(v4: 0x0A08_0002), index: 0)

    init(list: CompiledList, text: [UInt8]) {
        self.list = list
        self.text = text
    }

    func check() {
        guard let kept = KeptRules(text: list.ruleText[...], of: list.name, as: list.format) else {
            broken("kept rules can't be read again", text)
        }
        guard kept.text == list.ruleText, kept.disabled == list.disabled, kept.rules.count == list.rules.count else {
            broken("other rules from what is kept of them", text)
        }
        for (index, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            check(line, number: index + 1)
        }
    }

    private func check(_ line: ArraySlice<UInt8>, number: Int) {
        do throws(LineFault) {
            switch try ListLine.read(line, as: list.format, at: RuleSource(origin: list.name, line: number)) {
            case .nothing, .disables: break
            case .names(let patterns): if number > 1, line.count <= 4096 { for pattern in patterns { find(pattern) } }
            case .rule(let rule): check(rule, line, number)
            }
        } catch {
            if !isPrintable(error.description) { broken("a fault that can't be shown: \(error)", text) }
        }
    }

    /// What is blocked by name is found by that name.
    private func find(_ pattern: DomainPattern) {
        guard let name = pattern.name else { broken("an expression among names", text) }
        if (try? DomainName(text: "\(name)")) != name { broken("another name after writing: \(name)", text) }
        let question = PolicyQuestion(client: client, name: name, type: .a, time: Timestamp(seconds: 0))
        var isFound = false
        list.forEachMatch(Subject(question, key: list.key, needsText: list.rules.needsText)) { match, _ in
            isFound = isFound || match.action == .block
        }
        if !isFound { broken("\(name) is not found", text) }
    }

    /// A rule is taken back by the line that says so.
    private func check(_ rule: FilterRule, _ line: ArraySlice<UInt8>, _ number: Int) {
        guard list.format == .adblock else { return }
        var trimmed = line
        while let last = trimmed.last, ListLine.isBlank(last) { trimmed.removeLast() }
        let source = RuleSource(origin: list.name, line: number)
        let taken = ["$badfilter", ",badfilter"].compactMap { modifier -> String? in
            let line = Array(trimmed) + Array(modifier.utf8)
            guard case .disables(let text)? = try? ListLine.read(line[...], as: .adblock, at: source) else {
                return nil
            }
            return text
        }
        if !taken.contains(rule.canonicalText) { broken("\(rule.text) can't be taken back: \(taken)", text) }
    }
}
