import Credentials
import Manifest
import Model

extension Intent {
    /// Adds a DNS rule to `dns/rules.yaml`.
    ///
    /// - Parameter fields: at least `action` and `domain`.
    public static func createDNSRule(_ fields: [FieldEdit]) -> Intent {
        Intent { tree throws(GatewayFailure) in
            let kind = ResourceKind.dnsRule.rawValue
            var values = try FieldEdit.values(fields, kind: kind)
            if let rule = DNSRule(values) {
                try DNSRuleRules.checkFree(rule, except: nil, in: tree)
                if rule.id == nil, let id = DNSRuleRules.ownID(for: rule, in: tree) { values["id"] = .string(id) }
            }
            let order = Manifest.fields(of: kind).map(\.name)
            var draft = Draft(tree)
            let placed = try draft.addDNSRule(
                order.compactMap { name in values[name].map { EditField(name, $0) } },
                for: ObjectIdentity(kind: kind, name: ""))
            let difference = ObjectDifference(
                kind: kind, old: nil, new: try draft.root(at: placed.place, placed.editPath))
            let made = DeclaredDNSRule(id: DNSRuleQuery.id(of: placed.rule), form: .fields(placed))
            var outcome = IntentOutcome(
                change: TreeChange(
                    subject: Subject.of("Add DNS rule: \(placed.rule)"), body: difference.lines.joined(separator: "\n"),
                    files: try draft.files()),
                object: ObjectIdentity(kind: kind, name: made.id))
            outcome.planName = made.planName
            return outcome
        }
    }

    /// Changes fields of a DNS rule. Before it does something else its id is written, so that it stays.
    public static func updateDNSRule(_ selector: DNSRuleSelector, _ edits: [FieldEdit]) -> Intent {
        Intent { tree throws(GatewayFailure) in
            let found = try selector.rule(in: tree)
            guard case .fields(let placed) = found.form else {
                throw .conflict(
                    "\(found.location.path):\(found.location.line) is a line of an adblock block, which has no fields:"
                        + " change it in the file, or delete it and add a rule")
            }
            let identity = ObjectIdentity(kind: ResourceKind.dnsRule.rawValue, name: found.id)
            for edit in edits { _ = try FieldDescription.named(edit.path[0], of: identity.kind) }
            var draft = Draft(tree)
            let old = try draft.root(at: placed.place, placed.editPath)
            try draft.apply(edits, at: placed.place, under: placed.editPath, for: identity)
            var outcome = IntentOutcome(change: nil, object: identity)
            outcome.planName = found.planName
            guard try !draft.files().isEmpty else { return outcome }
            let changed = draft.tree.dnsRule(at: placed)
            if let changed {
                try DNSRuleRules.checkFree(changed.rule, except: placed, in: tree)
                outcome.planName = DeclaredDNSRule(id: found.id, form: .fields(changed)).planName
                if DNSRuleQuery.id(of: changed.rule) != found.id {
                    try draft.apply(
                        [FieldEdit(["id"], .set(.string(found.id)))], at: placed.place, under: placed.editPath,
                        for: identity)
                }
            }
            let difference = ObjectDifference(
                kind: identity.kind, old: old, new: try draft.root(at: placed.place, placed.editPath))
            outcome.change = TreeChange(
                subject: Subject.of(
                    "Change DNS rule of \(placed.rule.domain)", fields: difference.names.filter { $0 != "id" }),
                body: difference.lines.joined(separator: "\n"), files: try draft.files())
            return outcome
        }
    }

    /// Removes a DNS rule, or a line of an `adblock` block with all lines that are equal to it.
    public static func removeDNSRule(_ selector: DNSRuleSelector) -> Intent {
        Intent { tree throws(GatewayFailure) in
            let found = try selector.rule(in: tree)
            let identity = ObjectIdentity(kind: ResourceKind.dnsRule.rawValue, name: found.id)
            var draft = Draft(tree)
            var lines = ["\(found.location.path):\(found.location.line): \(found.text)"]
            switch found.form {
            case .fields(let placed):
                let old = try draft.root(at: placed.place, placed.editPath)
                lines = ObjectDifference(kind: identity.kind, old: old, new: nil).lines
                try draft.removeDNSRules([placed], for: identity)
            case .line(let placed):
                let equal = tree.placedDNSFilterLines.filter { $0.line.text == placed.line.text }
                lines = equal.map { "\($0.line.location.path):\($0.line.location.line): \($0.line.text)" }
                try draft.removeDNSFilterLines(equal, for: identity)
            }
            var outcome = IntentOutcome(
                change: TreeChange(
                    subject: Subject.of("Remove DNS rule: \(found.text)"), body: lines.joined(separator: "\n"),
                    files: try draft.files()),
                object: identity)
            outcome.planName = found.planName
            return outcome
        }
    }
}

/// What must hold among DNS rules, with words for people who change them one at a time.
enum DNSRuleRules {
    /// Refuses a rule that does what another one does, or has its id.
    ///
    /// - Parameter present: where the rule stands already.
    static func checkFree(
        _ rule: DNSRule, except present: PlacedDNSRule?, in tree: ManifestTree
    ) throws(GatewayFailure) {
        let client = DNSRuleQuery.client(of: rule, in: tree)
        let domain = rule.foldedDomain
        let equals = tree.dnsRules { other in
            if let id = rule.id, id == other.id { return true }
            // A folded domain is a dot shorter at most.
            guard 0...1 ~= other.domain.utf8.count - domain.utf8.count else { return false }
            return other.action == rule.action && other.answer == rule.answer && other.foldedDomain == domain
                && DNSRuleQuery.client(of: other, in: tree) == client
        }
        let other = equals.first { $0.place != present?.place || $0.item != present?.item }
        guard let other else { return }
        throw .alreadyExists(
            kind: ResourceKind.dnsRule.rawValue, name: "\(other.rule)",
            place: "\(other.rule.location.path):\(other.rule.location.line)")
    }

    /// The id that is written into a rule whose own another one has, since that one did the same before it was changed;
    /// nil: its own is free.
    static func ownID(for rule: DNSRule, in tree: ManifestTree) -> String? {
        let taken = Set(tree.dnsRules { $0.id != nil }.compactMap(\.rule.id))
        let derived = DNSRuleQuery.id(of: rule)
        var id = derived
        while taken.contains(id) {
            var form = CanonicalForm()
            form.append("another-dns-rule")
            form.append(id)
            id = UUIDv8.text(of: BLAKE2b256().digest(form.bytes))
        }
        return id == derived ? nil : id
    }
}

extension DNSRule {
    /// The rule that these values make; nil where one of those that decide is none: the document says so better.
    fileprivate init?(_ values: [String: EditValue]) {
        func text(_ field: String) -> String? {
            if case .string(let text)? = values[field] { text } else { nil }
        }
        guard let action = text("action").flatMap(DNSRule.Action.init(rawValue:)), let domain = text("domain") else {
            return nil
        }
        self.init(action: action, domain: domain, location: SourceLocation(path: "", line: 1, column: 1))
        id = text("id")
        if let text = text("client") {
            guard let client = DNSClient(text) else { return nil }
            self.client = client
        }
        if let text = text("answer") {
            guard let answer = DNSAnswer(text) else { return nil }
            self.answer = answer
        }
    }
}
