internal import Model

/// What of a list is no plain name: its rules and what it takes back, with the lines to read them from again.
struct KeptRules: Sendable {
    private(set) var rules: [FilterRule] = []
    /// The canonical texts of rules that the list takes back, in whatever list they stand.
    private(set) var disabled: Set<String> = []
    /// The lines as they stand in the list, each after its number and a tab.
    private(set) var text: [UInt8] = []

    /// Keeps a rule, which `line` says.
    mutating func add(_ rule: FilterRule, _ line: ArraySlice<UInt8>) {
        rules.append(rule)
        keep(line, rule.source.line)
    }

    /// Keeps what a line takes back.
    mutating func add(disabling rule: String, _ line: ArraySlice<UInt8>, at number: Int) {
        disabled.insert(rule)
        keep(line, number)
    }

    private mutating func keep(_ line: ArraySlice<UInt8>, _ number: Int) {
        text += "\(number)\t".utf8
        text += line
        text.append(0x0A)
    }

    init() {}

    /// Reads kept lines again; nil if one of them does not say a rule.
    init?(text: ArraySlice<UInt8>, of list: String, as format: Blocklist.Format) {
        for entry in text.split(separator: 0x0A) {
            guard let tab = entry.firstIndex(of: 0x09),
                let number = Int(String(decoding: entry[..<tab], as: UTF8.self))
            else { return nil }
            let line = entry[(tab + 1)...]
            switch try? ListLine.read(line, as: format, at: RuleSource(origin: list, line: number)) {
            case .rule(let rule): add(rule, line)
            case .disables(let rule): add(disabling: rule, line, at: number)
            case .nothing, .names, nil: return nil
            }
        }
    }
}
