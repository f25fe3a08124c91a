import Model

/// What a statement of a hook does, as far as a declared interface says the same.
enum HookMeaning: Equatable {
    /// Translates what leaves.
    case masquerade(Translation)
    /// Accepts forwarded traffic or the interface's own port in a firewall that would drop it.
    case accept
    /// Drops traffic between peers.
    case isolation
    /// Clamps the TCP MSS.
    case clamp
    /// Switches forwarding on.
    case forwarding(AddressFamily)
    /// Prepares or removes what the other statements add.
    case housekeeping
    /// `wg set wg0 private-key FILE`.
    case privateKeyFile(String)
    /// `wg set wg0 peer KEY preshared-key FILE`.
    case presharedKeyFile(PublicKey, String)
    /// Something that no field says.
    case unknown

    /// A translation to the gateway's own address.
    struct Translation: Equatable {
        /// The families it holds for.
        var families: Set<AddressFamily>
        /// The sources it is limited to; empty = all.
        var sources: [Prefix] = []
        /// The links it is limited to; nil = all.
        var outputs: [String]?
    }

    /// What a statement does for an interface; a single ``unknown`` when any part of it is not understood.
    static func all(of statement: HookStatement, interface: String) -> [HookMeaning] {
        guard statement.program == "nft", !statement.isComposed else { return [HookMeaning(statement, interface)] }
        let meanings = NftablesCommands.meanings(of: statement.words.dropFirst(), interface: interface)
        return meanings.isEmpty || meanings.contains(.unknown) ? [.unknown] : meanings
    }

    private init(_ statement: HookStatement, _ interface: String) {
        let words = statement.words
        switch statement.program {
        case _ where statement.isComposed: self = Self.forwardingByFile(words)
        case "iptables", "iptables-nft", "iptables-legacy":
            self = IptablesRule(words.dropFirst(), family: .ipv4)?.meaning(interface) ?? .unknown
        case "ip6tables", "ip6tables-nft", "ip6tables-legacy":
            self = IptablesRule(words.dropFirst(), family: .ipv6)?.meaning(interface) ?? .unknown
        case "sysctl": self = Self.sysctl(words.dropFirst())
        case "wg": self = Self.keyFile(Array(words.dropFirst()), interface: interface)
        case "true", ":": self = .housekeeping
        default: self = .unknown
        }
    }

    /// `sysctl -w net.ipv4.ip_forward=1`. Switching it off again is WireBuddy's work, too.
    private static func sysctl(_ arguments: ArraySlice<String>) -> HookMeaning {
        var meaning = HookMeaning.unknown
        for argument in arguments where !argument.hasPrefix("-") {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let family = forwarded(parts[0].split(separator: "/").joined(separator: ".")) else {
                return .unknown
            }
            meaning = parts[1] == "1" ? .forwarding(family) : .housekeeping
        }
        return meaning
    }

    /// `echo 1 > /proc/sys/net/ipv4/ip_forward`.
    private static func forwardingByFile(_ words: [String]) -> HookMeaning {
        let parts = words.filter { $0 != "tee" && $0 != "sudo" }
        guard parts.count == 4, parts[0] == "echo", parts[2] == ">" || parts[2] == "|",
            parts[3].hasPrefix("/proc/sys/"),
            let family = forwarded(parts[3].dropFirst(10).split(separator: "/").joined(separator: "."))
        else { return .unknown }
        return parts[1] == "1" ? .forwarding(family) : .housekeeping
    }

    private static func forwarded(_ key: String) -> AddressFamily? {
        switch key {
        case "net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding": .ipv4
        case "net.ipv6.conf.all.forwarding": .ipv6
        default: nil
        }
    }

    private static func keyFile(_ words: [String], interface: String) -> HookMeaning {
        guard words.count >= 4, words[0] == "set", words[1] == interface else { return .unknown }
        if words.count == 4, words[2] == "private-key", words[3].hasPrefix("/") { return .privateKeyFile(words[3]) }
        if words.count == 6, words[2] == "peer", let key = PublicKey(words[3]), words[4] == "preshared-key",
            words[5].hasPrefix("/")
        {
            return .presharedKeyFile(key, words[5])
        }
        return .unknown
    }
}
