/// One question on its way through the layers. Deciding and explaining walk the same way; explaining only walks on
/// after the decision.
struct Evaluation: ~Copyable {
    private let policy: Policy
    private let subject: Subject
    /// Why no block applies; nil if blocks apply.
    private let exemption: Decision.Reason?

    init(_ policy: Policy, _ question: PolicyQuestion, pause: FilteringPause) {
        self.policy = policy
        subject = policy.subject(question)
        exemption =
            if !policy.filters(question.client) {
                .notFiltered
            } else if let end = pause.end(for: question.client, at: question.time) {
                .paused(until: end)
            } else {
                nil
            }
    }

    func decide() -> Decision {
        var removal = RewriteRemoval()
        for layer in PolicyLayer.allCases {
            if let decision = decision(of: matches(in: layer), removal: &removal) { return decision }
        }
        return undecided
    }

    func explain() -> Explanation {
        var removal = RewriteRemoval()
        var found: Decision?
        var all: [RuleMatch] = []
        for layer in PolicyLayer.allCases {
            let matches = matches(in: layer)
            all += matches
            if found == nil { found = decision(of: matches, removal: &removal) }
        }
        let decision = found ?? undecided
        return Explanation(
            decision: decision, overridden: all.filter { $0 != decision.rule && !Self.adds($0, to: decision) })
    }

    /// Whether a match is a further rewrite that the answer has a value of: it is not overridden, but part of it.
    private static func adds(_ match: RuleMatch, to decision: Decision) -> Bool {
        guard case .rewrite(let value) = match.action, case .rewrite(let rewriting) = decision.action else {
            return false
        }
        return match.layer == decision.rule?.layer && rewriting.values.contains(value)
    }

    private var undecided: Decision {
        if let exemption { Decision(.allow, exemption) } else { Decision(.pass, .noRule) }
    }

    /// The matches of a layer, the strongest first; of equal ones in the order of files, lists and lines.
    private func matches(in layer: PolicyLayer) -> [RuleMatch] {
        var matches: [RuleMatch] = []
        if layer == .blocklists {
            takeLists(&matches)
        } else if !policy.rules.isEmpty {
            policy.rules.forEachMatch(subject, in: layer) { matches.append($0) }
        }
        guard matches.count > 1 else { return matches }
        let order = matches.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
        return order.map(\.element)
    }

    private func takeLists(_ matches: inout [RuleMatch]) {
        let selected = policy.selectedLists(subject.question.client)
        for number in selected {
            let first = matches.count
            policy.lists[number].forEachMatch(subject) { match, canonicalText in
                if !isDisabled(canonicalText, selected) { matches.append(match) }
            }
            if matches.count - first > 1 { matches[first...].sort { $0.source.line < $1.source.line } }
        }
    }

    private func isDisabled(_ canonicalText: () -> String, _ selected: [Int]) -> Bool {
        if policy.rules.disabled.isEmpty, selected.allSatisfy({ policy.lists[$0].disabled.isEmpty }) { return false }
        let text = canonicalText()
        return policy.rules.disabled.contains(text) || selected.contains { policy.lists[$0].disabled.contains(text) }
    }

    /// What the matches of one layer come to, the strongest first; nil if the next layer decides.
    private func decision(of matches: [RuleMatch], removal: inout RewriteRemoval) -> Decision? {
        guard let first = matches.first else { return nil }
        if matches.count == 1, let decision = decision(of: first) { return decision }
        for match in matches { removal.take(match.action) }
        let rewrites = matches.compactMap { match -> (match: RuleMatch, value: Rewrite)? in
            guard case .rewrite(let value) = match.action, !removal.removes(value) else { return nil }
            return (match, value)
        }
        if let deciding = rewrites.first {
            return Decision(
                .rewrite(Rewriting(rewrites.map(\.value))), .rule(deciding.match.layer), rule: deciding.match)
        }
        guard exemption == nil else { return nil }
        let other = matches.first { $0.action == .block || $0.action == .allow }
        return other.map { Decision($0.action == .block ? .block : .allow, .rule(first.layer), rule: $0) }
    }

    /// What a match that has no other beside it comes to, as nearly every one is; nil if that takes a longer look.
    private func decision(of match: RuleMatch) -> Decision? {
        guard exemption == nil else { return nil }
        switch match.action {
        case .block: return Decision(.block, .rule(match.layer), rule: match)
        case .allow: return Decision(.allow, .rule(match.layer), rule: match)
        case .rewrite, .removeRewrites: return nil
        }
    }
}

/// The rewrites that were taken back so far: a removal counts in its own layer and in the weaker ones.
struct RewriteRemoval {
    private var removesAll = false
    private var values: Set<Rewrite> = []

    mutating func take(_ action: RuleAction) {
        guard case .removeRewrites(let value) = action else { return }
        if let value { values.insert(value) } else { removesAll = true }
    }

    func removes(_ value: Rewrite) -> Bool { removesAll || values.contains(value) }
}
