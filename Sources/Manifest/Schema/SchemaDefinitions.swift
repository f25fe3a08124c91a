import Model

/// The patterns that fields of all kinds share: `$defs` of the JSON Schemas.
///
/// Each is the same rule as its type in `Types/`, written as a regular expression; the conformance corpus holds the
/// two against each other. What a regular expression can't say (a day of a month, normalization) is left to the decoder.
enum SchemaDefinitions {
    private struct Definition {
        var name: String
        var pattern: String
        /// A pattern that refuses what `pattern` lets through.
        var excluded: String?
        var refused: [String] = []
        var maxLength: Int?
        var minLength: Int?
        var example: String?
        /// Whether its texts may hold commas, so that one string is one element of a list.
        var holdsCommas = false
    }

    /// The schema of a definition; a name ending in `-list` is a list of the rest, or one string with commas.
    static func schema(_ name: String) -> JSONValue {
        if let composition = compositions[name] { return composition }
        if name.hasSuffix("-list"), let element = table[String(name.dropLast(5))] { return list(element) }
        guard let definition = table[name] else { preconditionFailure("no schema definition \(name)") }
        var schema: [(String, JSONValue)] = [
            ("type", .string("string")), ("pattern", .string("^(\(definition.pattern))$")),
        ]
        if let length = definition.minLength { schema.append(("minLength", .number(length))) }
        if let length = definition.maxLength { schema.append(("maxLength", .number(length))) }
        var refusals: [JSONValue] = []
        if let excluded = definition.excluded { refusals.append(.object([("pattern", .string("^(\(excluded))$"))])) }
        if !definition.refused.isEmpty {
            refusals.append(.object([("enum", .array(definition.refused.map(JSONValue.string)))]))
        }
        if refusals.count == 1 { schema.append(("not", refusals[0])) }
        if refusals.count > 1 { schema.append(("not", .object([("anyOf", .array(refusals))]))) }
        if let example = definition.example { schema.append(("examples", .array([.string(example)]))) }
        return .object(schema)
    }

    private static func list(_ element: Definition) -> JSONValue {
        let text = element.holdsCommas ? .reference(element.name) : text(of: element)
        return .object([("anyOf", .array([array(of: element.name), text]))])
    }

    private static func array(of definition: String) -> JSONValue {
        .object([
            ("type", .string("array")), ("items", .reference(definition)), ("uniqueItems", .boolean(true)),
        ])
    }

    /// Several elements with commas between them.
    private static func text(of element: Definition) -> JSONValue {
        var text: [(String, JSONValue)] = [
            ("type", .string("string")),
            ("pattern", .string("^(\(element.pattern))( *, *(\(element.pattern)))*$")),
        ]
        let excluded = (element.excluded.map { [$0] } ?? []) + element.refused
        if !excluded.isEmpty {
            let pattern = "(^|[, ])(\(excluded.joined(separator: "|")))($|[, ])"
            text.append(("not", .object([("pattern", .string(pattern))])))
        }
        return .object(text)
    }

    /// Definitions that are more than strings.
    private static let compositions: [String: JSONValue] = {
        let peer = JSONValue.object([
            ("type", .string("object")), ("properties", .object([("peer", .reference("peer-reference"))])),
            ("required", .array([.string("peer")])), ("additionalProperties", .boolean(false)),
        ])
        var choices = [array(of: "destination"), peer]
        if let prefix = table["prefix"] { choices.append(text(of: prefix)) }
        return [
            "destination": .object([("anyOf", .array([.reference("prefix"), peer]))]),
            "destination-list": .object([("anyOf", .array(choices))]),
        ]
    }()

    private static let octet = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
    private static let v4 = "\(octet)(\\.\(octet)){3}"
    private static let hex = "[0-9a-fA-F]{1,4}"
    /// RFC 4291 text, one alternative per place of the gap, and the same with an IPv4 address at the end.
    private static let v6: String = {
        var forms = ["(\(hex):){7}\(hex)", "(\(hex):){6}\(v4)"]
        for before in 0...7 {
            let head = before == 0 ? ":" : "(\(hex):){\(before)}"
            let most = 7 - before
            forms.append(most == 0 ? "\(head):" : "\(head):((\(hex):){0,\(most - 1)}\(hex))?")
            if most >= 2 { forms.append("\(head):(\(hex):){0,\(most - 2)}\(v4)") }
        }
        return "(" + forms.joined(separator: "|") + ")"
    }()
    /// Any spelling of `::ffff:0:0/96`.
    private static let mapped = "[0:]+:[fF]{4}:(\(hex):\(hex)|[0-9]+(\\.[0-9]+){3})(/[0-9]+)?"
    private static let length4 = "/(3[0-2]|[12]?[0-9])"
    private static let length6 = "/(12[0-8]|1[01][0-9]|[1-9]?[0-9])"
    private static let port =
        "(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
    private static let label = "[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    /// Like the others, but no number, decimal or hexadecimal.
    private static let lastLabel =
        "(?![a-zA-Z0-9-]{64})(?!0[xX][0-9a-fA-F]*([^a-zA-Z0-9-]|$))([0-9]*[a-zA-Z]([a-zA-Z0-9-]*[a-zA-Z0-9])?|[0-9]+-[a-zA-Z0-9-]*[a-zA-Z0-9])"
    private static let hostName = "(\(label)\\.)*\(lastLabel)\\.?"
    private static let control = "\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029"
    private static let path = "/[^\(control)]*"
    private static let peerName =
        "[^\(control) /\\\\\"`$;|<>{}]([^\(control)/\\\\\"`$;|<>{}]*[^\(control) /\\\\\"`$;|<>{}])?"
    /// What may stand behind the host of an address.
    private static let addressCharacter = "[!$-;=?-\\[\\]_a-z~]"
    /// A letter or digit, also of another script, `-` or `_`.
    private static let ruleLabel = "[^\\u0000-,./:-@\\[-\\^`{-\\u00a0\\u2028\\u2029]"
    private static let branch = "[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*"

    /// The five fields of crontab(5). That no range goes backwards is left to the decoder.
    private static let cron: String = {
        func either(_ words: [String]) -> String {
            words.map { word in
                word.map { "[\($0.uppercased())\($0)]" }.joined()
            }.joined(separator: "|")
        }
        func field(_ number: String, _ words: [String] = []) -> String {
            let value = words.isEmpty ? "(\(number))" : "(\(number)|\(either(words)))"
            let step = "/(0?[1-9]|[1-5][0-9])"
            let item = "((\\*|\(value)-\(value))(\(step))?|\(value))"
            return "\(item)(,\(item))*"
        }
        return [
            field("[0-5]?[0-9]"), field("[01]?[0-9]|2[0-3]"), field("0?[1-9]|[12][0-9]|3[01]"),
            field("0?[1-9]|1[0-2]", CronSchedule.monthWords), field("0?[0-7]", CronSchedule.weekdayWords),
        ].joined(separator: " +")
    }()

    private static let table: [String: Definition] = {
        let definitions = [
            Definition(name: "address", pattern: "\(v4)|\(v6)", excluded: mapped, example: "10.8.0.2"),
            Definition(
                name: "interface-address", pattern: "\(v4)\(length4)|\(v6)\(length6)", excluded: mapped,
                example: "10.8.0.1/24"),
            Definition(
                name: "prefix", pattern: "\(v4)(\(length4))?|\(v6)(\(length6))?", excluded: mapped,
                example: "192.168.50.0/24"),
            Definition(
                name: "endpoint", pattern: "(\(v4)|\\[\(v6)\\]|\(hostName)):\(port)",
                excluded: "\\[\(mapped)\\]:[0-9]+",
                example: "vpn.example.com:51820"),
            Definition(name: "host", pattern: "\(v4)|\(v6)|\(hostName)", excluded: mapped, example: "vpn.example.com"),
            Definition(name: "search-domain", pattern: hostName, maxLength: 254, example: "vpn.internal"),
            Definition(
                name: "interface-name", pattern: "[a-zA-Z][a-zA-Z0-9_-]{0,14}", refused: InterfaceName.reserved,
                example: "wg0"),
            Definition(name: "link-name", pattern: "[a-zA-Z0-9][a-zA-Z0-9_.@-]{0,14}", example: "eth0"),
            Definition(
                name: "peer-name",
                pattern: peerName,
                excluded: "\(v4)|\(v6)", maxLength: PeerName.maximumLength, minLength: 1, example: "John's iPhone"),
            Definition(name: "dns-label", pattern: "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", example: "johns-iphone"),
            Definition(
                name: "uuid", pattern: "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
                example: "123e4567-e89b-12d3-a456-426614174000"),
            Definition(
                name: "public-key", pattern: "[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=",
                refused: ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]),
            Definition(
                name: "secret",
                pattern: "sealed:v1:[A-Za-z0-9+/=]+|file:(?=.{1,255}$)[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*"
                    + "|env:[A-Za-z_][A-Za-z0-9_]{0,127}",
                excluded: "file:(.*/)?\\.+(/.*)?", example: "file:wg0.key"),
            Definition(name: "sealed", pattern: "sealed:v1:[A-Za-z0-9+/=]+"),
            Definition(
                name: "geoip-file", pattern: "[A-Za-z0-9_][A-Za-z0-9_.+-]{0,126}", example: "GeoLite2-Country.mmdb"),
            Definition(name: "recipient-name", pattern: "[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", example: "gateway"),
            Definition(
                name: "timestamp",
                pattern: "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
                    + "(\\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])",
                example: "2027-01-01T00:00:00Z"),
            Definition(name: "duration", pattern: "(0|[1-9][0-9]{0,6})[smhd]", example: "30s"),
            Definition(name: "confirm", pattern: "auto|(0|[1-9][0-9]{0,6})[smhd]", example: "auto"),
            Definition(
                name: "firewall-integration",
                pattern: FirewallIntegration.allCases.map(\.rawValue).joined(separator: "|")),
            Definition(
                name: "service", pattern: "icmp|(tcp|udp)/\(port)(-\(port))?", example: "tcp/22"),
            Definition(
                name: "text", pattern: "([^\(control)]|[\\n\\t])*", maxLength: FreeText.maximumLength),
            Definition(
                name: "reason", pattern: "([^\(control)]|[\\n\\t])*", maxLength: FreeText.maximumLength, minLength: 1),
            Definition(name: "digest", pattern: "[0-9a-f]{12,64}", example: "3f9a1c07be52"),
            Definition(name: "fingerprint", pattern: "[0-9a-f]{16}", example: "3f9a1c07be5240d1"),
            Definition(name: "label-key", pattern: "[A-Za-z0-9][A-Za-z0-9_./-]{0,62}"),
            Definition(name: "label-value", pattern: "[^\(control)]*", maxLength: 256),
            Definition(
                name: "directory", pattern: path, excluded: "(.*/)?\\.\\.(/.*)?", maxLength: 1024,
                example: "/etc/wirebuddy"),
            Definition(
                name: "program", pattern: "[A-Za-z0-9][A-Za-z0-9_.+-]*|\(path)", excluded: "(.*/)?\\.\\.(/.*)?",
                maxLength: 1024, example: "wireguard-go"),
            Definition(
                name: "branch", pattern: branch,
                excluded: ".*\\.\\..*|.*\\.(lock)?(/.*)?", maxLength: 200, example: "main"),
            Definition(
                name: "remote",
                pattern: "\(branch)|/[^\(control) ]*|(https?|ssh|git|file)://[^\(control) -][^\(control) ]*"
                    + "|[A-Za-z0-9][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9._-]*:[^\(control) :][^\(control) ]*",
                excluded: "/(.*/)?\\.\\.(/.*)?|[A-Za-z0-9_][^:@]*(\\.\\.[^:@]*|\\.(lock)?(/[^:@]*)?)", maxLength: 1024,
                example: "origin"),
            Definition(
                name: "username", pattern: "[A-Za-z0-9][A-Za-z0-9._-]{2,31}", example: "alice"),
            Definition(
                name: "email", pattern: "[A-Za-z0-9._%+-]{1,64}@(\(label)\\.)*\(lastLabel)", maxLength: 254,
                example: "alice@example.com"),
            Definition(name: "full-name", pattern: "[^\(control)]*", maxLength: 128, example: "Alice Smith"),
            Definition(
                name: "password-hash",
                pattern:
                    "\\$argon2id\\$v=19\\$m=([89]|[1-9][0-9]{1,4}|1[0-9]{5}|2[0-5][0-9]{4}|26[01][0-9]{3}|262(0[0-9]{2}|1([0-3][0-9]|4[0-4]))),t=([1-9]|1[0-6]),p=[1-4]"
                    + "\\$[A-Za-z0-9+/]{11,64}\\$[A-Za-z0-9+/]{16,86}", maxLength: 127),
            Definition(
                name: "socket-address", pattern: "(\(v4)|\\[\(v6)\\]):\(port)", excluded: "\\[\(mapped)\\]:[0-9]+",
                example: "127.0.0.1:8080"),
            Definition(
                name: "origin", pattern: "\\*|https?://(\(v4)|\\[\(v6)\\]|\(hostName))(:\(port))?",
                excluded: "https?://\\[\(mapped)\\](:[0-9]+)?", maxLength: 300, example: "https://app.example.com"),
            Definition(name: "group-name", pattern: "[A-Za-z_][A-Za-z0-9_-]{0,31}", example: "wirebuddy"),
            Definition(
                name: "dns-upstream",
                pattern: "(udp|tcp)://(\(v4)|\\[\(v6)\\]):\(port)|(\(v4)|\(v6))@\(port)#\(hostName)",
                excluded: "(udp|tcp)://\\[\(mapped)\\]:[0-9]+|\(mapped)@[^, ]*",
                example: "9.9.9.9@853#dns.quad9.net"),
            Definition(name: "size", pattern: "[1-9][0-9]{0,5}(MB|GB)", example: "500MB"),
            Definition(name: "blocklist-name", pattern: "[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", example: "ads"),
            Definition(name: "document-name", pattern: "[A-Za-z0-9][A-Za-z0-9_.-]{0,62}", example: "contractors"),
            Definition(
                name: "list-address",
                pattern: "https://(\(v4)|\\[\(v6)\\]|\(hostName))(:\(port))?([/?]\(addressCharacter)*)?",
                excluded: "https://\\[\(mapped)\\](:[0-9]+)?([/?].*)?", maxLength: ListAddress.maximumLength,
                example: "https://lists.example.com/hosts.txt"),
            Definition(
                name: "receiver-address",
                pattern: "https?://(\(v4)|\\[\(v6)\\]|\(hostName))(:\(port))?([/?]\(addressCharacter)*)?",
                excluded: "https?://\\[\(mapped)\\](:[0-9]+)?([/?].*)?", maxLength: ReceiverAddress.maximumLength,
                example: "https://chat.example.com/hooks/gateway"),
            Definition(
                name: "notification-kind", pattern: NotificationKind.allCases.map(\.rawValue).joined(separator: "|")),
            Definition(name: "time-of-day", pattern: "([01][0-9]|2[0-3]):[0-5][0-9]", example: "07:00"),
            Definition(name: "cron", pattern: cron, maxLength: CronSchedule.maximumLength, example: "0 22 * * 5"),
            Definition(
                name: "time-zone", pattern: "[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*", maxLength: 64,
                example: "Europe/Vienna"),
            Definition(
                name: "repository-file", pattern: "[^\(control)/\\\\]+(/[^\(control)/\\\\]+)*",
                excluded: "(.*/)?(\\.\\.?|\\.git)(/.*)?", maxLength: RepositoryPath.maximumLength,
                example: "lists/ads.txt"),
            Definition(name: "sha256", pattern: "[0-9a-fA-F]{64}"),
            Definition(
                name: "rule-domain",
                pattern: "(=|\\*\\.)?(\(ruleLabel){1,63}\\.)*(?![0-9]+\\.?$)\(ruleLabel){1,63}\\.?|/[^\(control)]+/",
                maxLength: DNSRuleDomain.maximumLength, example: "ads.example.com"),
            Definition(
                name: "dns-client",
                pattern: "\(v4)(\(length4))?|\(v6)(\(length6))?|([a-zA-Z][a-zA-Z0-9_-]{0,14}/)?(\(peerName))",
                excluded: "\(mapped)|(all|default|lo)/.*", example: "wg0/phone"),
            Definition(
                name: "peer-reference", pattern: "([a-zA-Z][a-zA-Z0-9_-]{0,14}/)?(\(peerName))",
                excluded: "\(v4)(\(length4))?|\(v6)(\(length6))?|\(mapped)|(all|default|lo)/.*",
                example: "wg0/build-server", holdsCommas: true),
            Definition(
                name: "dns-answer", pattern: "\(v4)|\(v6)|\(hostName)", excluded: mapped, example: "10.8.0.7"),
            Definition(name: "environment-name", pattern: "[A-Za-z_][A-Za-z0-9_]{0,127}", example: "WG0_KEY"),
        ]
        return Dictionary(uniqueKeysWithValues: definitions.map { ($0.name, $0) })
    }()
}
