extension Decision: CustomStringConvertible {
    /// `block by ads:12: ||ad.example.com^`, `allow: no rule`, …
    public var description: String {
        let what =
            switch action {
            case .pass, .allow: "allow"
            case .block: "block"
            case .rewrite(let rewriting): "rewrite \(rewriting)"
            }
        if let rule { return "\(what) by \(rule.source): \(rule.text)" }
        return "\(what): \(reason)"
    }
}

extension Decision.Reason: CustomStringConvertible {
    /// The reason in words.
    public var description: String {
        switch self {
        case .noRule: "no rule"
        case .rule(.peerRules): "a rule for this peer"
        case .rule(.globalRules): "a rule for everybody"
        case .rule(.blocklists): "a blocklist"
        case .paused(let end): "filtering is paused until \(end)"
        case .notFiltered: "this peer is not filtered"
        case .answer(let name, _): "the answer names \(name)"
        }
    }
}

extension Rewriting: CustomStringConvertible {
    /// The values, separated by commas.
    public var description: String { values.map(\.description).joined(separator: ", ") }
}
