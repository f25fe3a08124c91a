internal import CLibMnl

extension RouteSocket {
    /// The rules of one family, or of both with IPv4 first, in order of priority.
    public func rules(_ family: NetlinkFamily? = nil) throws(NetlinkError) -> [Rule] {
        var rules: [Rule] = []
        for wanted in NetlinkFamily.allCases where family == nil || family == wanted {
            rules += try conversation.dump(Rule.dumpRequest(wanted), [], "list rules") {
                (found: inout [Rule], message, bytes) throws(NetlinkError) in
                guard message.type == RTM_NEWRULE, let rule = try Rule(decoding: message, in: bytes),
                    rule.family == wanted
                else { return }
                found.append(rule)
            }
        }
        return rules
    }

    /// Adds a rule. Throws a refusal with `isAlreadyExisting` when the same one is there.
    public func addRule(_ rule: Rule) throws(NetlinkError) {
        try conversation.execute(rule.addRequest, "add rule \(rule.priority) for table \(rule.table)")
    }

    /// Deletes the first rule that agrees in every given field; the kernel does not compare `isInverted`.
    ///
    /// Throws a refusal with `isNotFound` when there is none.
    public func deleteRule(_ rule: Rule) throws(NetlinkError) {
        try conversation.execute(rule.deleteRequest, "delete rule \(rule.priority) for table \(rule.table)")
    }
}
