import Model

/// The arguments of `nft(8)`, as hooks use it: tables, chains, and rules whose every word is understood.
enum NftablesCommands {
    /// What the commands do for an interface, one by one.
    static func meanings(of arguments: ArraySlice<String>, interface: String) -> [HookMeaning] {
        commands(arguments.joined(separator: " ")).map { meaning($0[...], interface) }
    }

    /// The commands as words, split at `;` outside of braces. Braces, commas and quotes are marks of their own.
    private static func commands(_ text: String) -> [[String]] {
        var commands: [[String]] = []
        var words: [String] = []
        var word = ""
        var depth = 0
        func endWord() {
            if !word.isEmpty { words.append(word) }
            word = ""
        }
        for character in text {
            switch character {
            case " ", "\t", ",", "\"": endWord()
            case "{", "}":
                endWord()
                depth += character == "{" ? 1 : -1
                words.append(String(character))
            case ";" where depth == 0:
                endWord()
                if !words.isEmpty { commands.append(words) }
                words = []
            case ";": endWord()
            default: word.append(character)
            }
        }
        endWord()
        if !words.isEmpty { commands.append(words) }
        return commands
    }

    private static func meaning(_ command: ArraySlice<String>, _ interface: String) -> HookMeaning {
        let words = command.drop { $0.hasPrefix("-") }
        guard words.count >= 2, let verb = words.first else { return .unknown }
        let object = words[words.startIndex + 1]
        switch (verb, object) {
        case ("delete", _), ("destroy", _), ("flush", "table"), ("flush", "chain"): return .housekeeping
        case ("add", "table"), ("create", "table"), ("add", "chain"), ("create", "chain"):
            // A chain that drops by policy does more than holding rules.
            return words.contains("drop") ? .unknown : .housekeeping
        case ("add", "rule"), ("insert", "rule"): return rule(words.dropFirst(2), interface)
        default: return .unknown
        }
    }

    private static func rule(_ words: ArraySlice<String>, _ interface: String) -> HookMeaning {
        var rest = words
        var families: Set<AddressFamily> = [.ipv4]
        switch rest.first {
        case "inet":
            families = [.ipv4, .ipv6]
            rest.removeFirst()
        case "ip": rest.removeFirst()
        case "ip6":
            families = [.ipv6]
            rest.removeFirst()
        default: break
        }
        guard rest.count > 2 else { return .unknown }
        // Table and chain.
        rest.removeFirst(2)
        var rule = Rule(translation: .init(families: families))
        while let word = rest.popFirst() {
            guard rule.take(word, &rest, interface) else { return .unknown }
        }
        return rule.meaning(interface)
    }

    private struct Rule {
        var translation: HookMeaning.Translation
        var input: [String]?
        var verdict: HookMeaning?
        var drops = false

        /// Takes a match or a verdict with its operands.
        mutating func take(_ word: String, _ rest: inout ArraySlice<String>, _ interface: String) -> Bool {
            switch word {
            case "meta", "counter": return true
            case "comment": return rest.popFirst() != nil
            case "oifname", "oif":
                let (names, isInverted) = Self.operand(&rest)
                if !isInverted { translation.outputs = names }
            case "iifname", "iif":
                let (names, isInverted) = Self.operand(&rest)
                if !isInverted { input = names }
            case "ip", "ip6":
                let family = word == "ip" ? AddressFamily.ipv4 : .ipv6
                let field = rest.popFirst()
                let (values, isInverted) = Self.operand(&rest)
                if field == "daddr", isInverted { return true }
                guard field == "saddr", !isInverted else { return false }
                let prefixes = values.compactMap { Prefix($0) }
                guard prefixes.count == values.count else { return false }
                translation.families = [family]
                translation.sources = prefixes
            case "ct", "udp":
                guard rest.popFirst() != nil else { return false }
                _ = Self.operand(&rest)
            case "masquerade": verdict = .masquerade(translation)
            case "accept": verdict = .accept
            case "drop", "reject": drops = true
            case "tcp":
                // `tcp flags syn tcp option maxseg size set rt mtu` and its kin.
                guard rest.contains("maxseg") else { return false }
                rest = []
                verdict = .clamp
            default: return false
            }
            return true
        }

        func meaning(_ interface: String) -> HookMeaning {
            if drops { return input == [interface] && translation.outputs == [interface] ? .isolation : .unknown }
            if case .masquerade = verdict {
                guard translation.outputs != [interface], input == nil || input == [interface] else { return .unknown }
                return .masquerade(translation)
            }
            return verdict ?? .unknown
        }

        /// `eth0`, `!= eth0`, `{ eth0, eth1 }`.
        private static func operand(_ rest: inout ArraySlice<String>) -> (values: [String], isInverted: Bool) {
            var isInverted = false
            if rest.first == "!=" || rest.first == "==" { isInverted = rest.removeFirst() == "!=" }
            guard rest.first == "{" else { return (rest.popFirst().map { [$0] } ?? [], isInverted) }
            rest.removeFirst()
            var values: [String] = []
            while let value = rest.popFirst(), value != "}" { values.append(value) }
            return (values, isInverted)
        }
    }
}
