import Model

/// An `iptables(8)` command whose every option is understood.
struct IptablesRule {
    private let family: AddressFamily
    private var table = "filter"
    private var command = ""
    private var chain = ""
    private var target = ""
    private var input: Match?
    private var output: Match?
    private var source: Match?
    private var destination: Match?
    /// Whether it is about some protocols, ports or states only.
    private var isLimited = false

    private struct Match {
        let value: String
        let isInverted: Bool
    }

    /// Reads the arguments; nil when one of them is not known, so that nothing is left out silently.
    init?(_ arguments: ArraySlice<String>, family: AddressFamily) {
        self.family = family
        var rest = arguments
        var isInverted = false
        while let option = rest.popFirst() {
            if option == "!" {
                isInverted = true
                continue
            }
            guard take(option, isInverted: isInverted, &rest) else { return nil }
            isInverted = false
        }
    }

    private mutating func take(_ option: String, isInverted: Bool, _ rest: inout ArraySlice<String>) -> Bool {
        switch option {
        // Options without a value that limit nothing.
        case "-w", "--wait":
            if let seconds = rest.first, Int(seconds) != nil { rest.removeFirst() }
            return true
        case "--clamp-mss-to-pmtu": return true
        case "-m", "--match", "--comment", "--set-mss": return rest.popFirst() != nil
        case "-p", "--protocol", "--dport", "--destination-port", "--sport", "--state", "--ctstate", "--tcp-flags":
            isLimited = true
            if option == "--tcp-flags" { _ = rest.popFirst() }
            return rest.popFirst() != nil
        default: break
        }
        guard let value = rest.popFirst() else { return false }
        let match = Match(value: value, isInverted: isInverted)
        switch option {
        case "-t", "--table": table = value
        case "-A", "-I", "-D", "--append", "--insert", "--delete":
            command = option
            chain = value
            // `-I FORWARD 1`
            if let number = rest.first, Int(number) != nil { rest.removeFirst() }
        case "-i", "--in-interface": input = match
        case "-o", "--out-interface": output = match
        case "-s", "--source", "--src": source = match
        case "-d", "--destination", "--dst": destination = match
        case "-j", "--jump": target = value
        default: return false
        }
        return true
    }

    /// What the rule does for an interface.
    func meaning(_ interface: String) -> HookMeaning {
        if command == "-D" || command == "--delete" { return .housekeeping }
        switch (table, chain, target) {
        case ("nat", "POSTROUTING", "MASQUERADE"): return translation(interface)
        case ("filter", "FORWARD", "ACCEPT"), ("filter", "INPUT", "ACCEPT"): return .accept
        case ("mangle", _, "TCPMSS"), ("filter", "FORWARD", "TCPMSS"): return .clamp
        case ("filter", "FORWARD", "DROP"), ("filter", "FORWARD", "REJECT"):
            let isBetweenPeers =
                input?.value == interface && input?.isInverted == false && output?.value == interface
                && output?.isInverted == false && !isLimited && source == nil && destination == nil
            return isBetweenPeers ? .isolation : .unknown
        default: return .unknown
        }
    }

    private func translation(_ interface: String) -> HookMeaning {
        // By the input the rule is about other traffic, or says what the source says already.
        guard destination == nil || destination?.isInverted == true, input == nil || input?.value == interface,
            !isLimited
        else { return .unknown }
        var translation = HookMeaning.Translation(families: [family])
        if let source {
            guard !source.isInverted, let prefix = Prefix(source.value) else { return .unknown }
            translation.sources = [prefix]
        }
        if let output, !output.isInverted {
            // Towards the peers: another translation than that of what the peers send.
            guard output.value != interface else { return .unknown }
            // A name that the shell computes is the default route's link.
            let isLiteral = !output.value.contains(where: { "$`+".contains($0) })
            translation.outputs = isLiteral ? [output.value] : nil
        }
        return .masquerade(translation)
    }
}
