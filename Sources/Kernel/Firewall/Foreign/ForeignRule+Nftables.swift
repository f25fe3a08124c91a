import Model

extension ForeignRule {
    /// What begins the comment of our rules; the name of the interface follows.
    static let commentPrefix = "wirebuddy:"

    /// A rule as it is listed; nil when its comment is not ours.
    init?(_ chain: ForeignChain, _ comment: String, _ expressions: [JSONValue]) {
        guard comment.hasPrefix(Self.commentPrefix) else { return nil }
        let interface = String(comment.dropFirst(Self.commentPrefix.count))
        self.init(chain: chain, interface: interface, match: Self.match(expressions, interface))
    }

    private static func match(_ expressions: [JSONValue], _ interface: String) -> Match {
        let statements = expressions.filter { $0["counter"] == nil }
        let other = Match.other(String(decoding: JSONValue.array(statements).bytes, as: UTF8.self))
        guard let verdict = statements.last, verdict.members?.first?.name == "accept" else { return other }
        var matches: [JSONValue] = []
        for statement in statements.dropLast() {
            guard let match = statement["match"], match["op"]?.text == "==" else { return other }
            matches.append(match)
        }
        let link = matches.first?["left"]?["meta"]?["key"]?.text
        let isOurs = matches.first?["right"]?.text == interface
        switch matches.count {
        case 1 where link == "iifname" && isOurs: return .fromInterface
        case 1 where link == "oifname" && isOurs: return .toInterface
        case 1:
            guard let (transport, port) = port(matches[0]), transport == "udp" else { return other }
            return .listenPort(port)
        case 2 where link == "iifname" && isOurs:
            guard let (transport, port) = port(matches[1]) else { return other }
            return .queries(port, overTCP: transport == "tcp")
        default: return other
        }
    }

    private static func port(_ match: JSONValue) -> (transport: String, port: UInt16)? {
        guard let payload = match["left"]?["payload"], payload["field"]?.text == "dport",
            let transport = payload["protocol"]?.text, ["udp", "tcp"].contains(transport),
            let port = match["right"]?.integer.flatMap({ UInt16(exactly: $0) })
        else { return nil }
        return (transport, port)
    }

    /// The statements; nil for a rule that we don't write. With a counter, as iptables writes its own.
    var expressions: [JSONValue]? {
        get throws(NftablesExpression.InvalidName) {
            let link = JSONValue.string(try NftablesExpression.checked(interface))
            let equals = { (left: JSONValue, right: JSONValue) in NftablesExpression.match(left, right) }
            let matches: [JSONValue]
            switch match {
            case .fromInterface: matches = [equals(NftablesExpression.meta("iifname"), link)]
            case .toInterface: matches = [equals(NftablesExpression.meta("oifname"), link)]
            case .listenPort(let port):
                matches = [equals(NftablesExpression.payload("udp", "dport"), .number(Int64(port)))]
            case .queries(let port, let overTCP):
                let payload = NftablesExpression.payload(overTCP ? "tcp" : "udp", "dport")
                matches = [equals(NftablesExpression.meta("iifname"), link), equals(payload, .number(Int64(port)))]
            case .other: return nil
            }
            return matches + [["counter": nil], ["accept": nil]]
        }
    }
}
