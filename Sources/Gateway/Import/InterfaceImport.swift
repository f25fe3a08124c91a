import Model

extension ImportedInterface {
    /// Maps a configuration of `wg` or `wg-quick` to our kinds. Pure: the same file gives the same objects.
    ///
    /// - Parameters:
    ///   - name: the name of the interface, which files say by their own name.
    ///   - freePort: the port of an interface that names none.
    /// - Throws: ``ImportFailure`` when it has no address.
    public init(_ file: WireGuardFile, name: String, freePort: UInt16) throws(ImportFailure) {
        var mapping = try InterfaceImport(file, name: name, freePort: freePort)
        mapping.mapHooks()
        mapping.mapPeers()
        self = mapping.result
    }
}

/// One mapping under way.
struct InterfaceImport {
    let file: WireGuardFile
    let name: String
    var result: ImportedInterface

    init(_ file: WireGuardFile, name: String, freePort: UInt16) throws(ImportFailure) {
        self.file = file
        self.name = name
        let section = file.interface
        guard !section.address.isEmpty else {
            throw ImportFailure([
                ImportFinding(
                    origin: file.origin,
                    "no Address for \(name): `wg showconf` prints none; say it with --address 10.8.0.1/24")
            ])
        }
        var interface = Interface(
            name: name, address: section.address, listenPort: section.listenPort ?? freePort,
            location: SourceLocation(path: file.origin, line: 1, column: 1))
        interface.dns = section.dns
        interface.dnsSearch = section.dnsSearch
        if let mtu = section.mtu { interface.mtu = .fixed(mtu) }
        if let table = section.table { interface.table = table }
        interface.fwmark = section.fwmark ?? 0
        result = ImportedInterface(
            origin: file.origin, interface: interface, privateKey: section.privateKey, peers: [],
            warnings: file.warnings)
        noteInterface()
    }

    func finding(_ text: String, line: Int? = nil) -> ImportFinding {
        ImportFinding(origin: file.origin, line: line, text)
    }

    private mutating func noteInterface() {
        let section = file.interface
        if section.listenPort == nil {
            result.warnings.append(
                finding(
                    "\(name) has no ListenPort: listen_port \(result.interface.listenPort) is declared, where wg took"
                        + " another port at each start"))
        }
        if !section.dns.isEmpty {
            result.warnings.append(
                finding(
                    "DNS of \(name) goes into the configurations of devices (dns); the resolver of this host is left"
                        + " alone"))
        }
        if let line = section.saveConfigLine {
            result.notImported.append(
                finding(
                    "SaveConfig: the repository is what is true now, `wg-quick down` must not be used to save",
                    line: line))
        }
    }

    mutating func mapHooks() {
        var translations: [HookMeaning.Translation] = []
        let origin = file.origin
        for hook in file.interface.hooks {
            let isUp = hook.phase == .preUp || hook.phase == .postUp
            for statement in HookStatement.all(in: hook.command, interface: name) {
                let meanings = HookMeaning.all(of: statement, interface: name)
                let place = { (text: String) in
                    ImportFinding(origin: origin, line: hook.line, "\(hook.phase.rawValue): \(text)")
                }
                guard meanings != [.unknown] else {
                    result.notImported.append(place(statement.shown))
                    continue
                }
                // What a down hook takes away goes with the declared interface.
                guard isUp else { continue }
                for meaning in meanings { note(meaning, statement, place, &translations) }
            }
        }
        mapMasquerade(translations)
    }

    private mutating func note(
        _ meaning: HookMeaning, _ statement: HookStatement, _ place: (String) -> ImportFinding,
        _ translations: inout [HookMeaning.Translation]
    ) {
        let became: String
        switch meaning {
        case .masquerade(let translation):
            // Sources of other networks are not this interface's to translate.
            let own = result.interface.prefixes
            let isOwn = { (source: Prefix) in own.contains { source.overlaps($0) } }
            guard translation.sources.isEmpty || translation.sources.contains(where: isOwn) else {
                result.notImported.append(place(statement.shown))
                return
            }
            translations.append(translation)
            became = "masquerade"
        case .accept:
            became = "nothing to declare: no chain of WireBuddy drops it, and status tells chains of others that do"
        case .isolation:
            result.interface.isolatePeers = true
            became = "isolate_peers: true"
        case .clamp: became = "mss_clamp, which is on by default"
        case .forwarding: became = "forwarding, which WireBuddy switches on"
        case .privateKeyFile(let path):
            result.privateKeyFile = path
            became = "private_key"
        case .presharedKeyFile(let key, let path):
            presharedKeyFiles[key] = path
            became = "preshared_key of a peer"
        case .housekeeping, .unknown: return
        }
        let line = place("\(statement.shown) → \(became)")
        if result.mapped.last != line { result.mapped.append(line) }
    }

    var presharedKeyFiles: [PublicKey: String] = [:]

    private mutating func mapMasquerade(_ translations: [HookMeaning.Translation]) {
        let families = translations.reduce(into: Set<AddressFamily>()) { $0.formUnion($1.families) }
        guard !families.isEmpty else {
            result.interface.masquerade = .off
            return
        }
        let relevant = translations.filter { $0.families.contains(.ipv4) }
        let counted = relevant.isEmpty ? translations : relevant
        result.interface.masquerade =
            counted.contains { $0.outputs == nil }
            ? .on : .outputs(Set(counted.flatMap { $0.outputs ?? [] }).sorted())
        let prefixes = result.interface.prefixes
        if prefixes.contains(where: { $0.family == .ipv6 }) {
            let isUnique = prefixes.allSatisfy { $0.family == .ipv4 || $0.address.isUniqueLocal }
            // By default unique local prefixes are translated and global ones are not.
            if families.contains(.ipv6) != isUnique {
                result.interface.ipv6 = families.contains(.ipv6) ? .nat66 : .routed
            }
        }
        if !families.contains(.ipv4), prefixes.contains(where: { $0.family == .ipv4 }) {
            result.warnings.append(
                finding("only IPv6 was masqueraded on \(name): masquerade holds for its IPv4 prefixes too"))
        }
    }
}
