import Gateway
import Manifest
import Model

/// A DNS rule as the API shows it: what is declared, where it stands, and whether it is in force. A line of an `adblock`
/// block has no fields, only its text.
struct DNSRuleDocument {
    private let rule: DeclaredDNSRule
    private let standing: ObservedIndex.Standing
    private let takenAt: Timestamp?

    init(_ rule: DeclaredDNSRule, standing: ObservedIndex.Standing, takenAt: Timestamp?) {
        self.rule = rule
        self.standing = standing
        self.takenAt = takenAt
    }

    var json: JSONValue {
        .object(
            fields + [
                ("text", .string(rule.text)),
                ("source", .string("\(rule.location.path):\(rule.location.line)")),
                ("etag", .string(ObjectTag.of(rule))),
                ("observed", .object([("state", .string(standing.rawValue))])),
                ("observed_at", .optional(takenAt?.description)),
            ])
    }

    private var fields: [(String, JSONValue)] {
        switch rule.form {
        case .fields(let placed): ObjectView.dnsRule(placed.rule)
        case .line:
            Manifest.fields(of: ResourceKind.dnsRule.rawValue).map { field in
                (field.name, field.name == "id" ? .string(rule.id) : .null)
            }
        }
    }
}
