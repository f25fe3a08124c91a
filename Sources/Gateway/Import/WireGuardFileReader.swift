import Model

/// Reads the INI dialect of `wg(8)` and `wg-quick(8)`: keys and sections in any case, `#` begins a comment anywhere,
/// keys may stand several times, and lists are separated by commas.
struct WireGuardFileReader {
    private enum Section {
        case interface
        case peer
        /// Its lines are told once, at its head.
        case unknown
    }

    private let origin: String
    private var problems: [ImportFinding] = []
    private var section: Section?
    private var file: WireGuardFile
    private var peer: PeerBeingRead?
    private var comments: [PeerComments.Line] = []
    private var line = 0

    /// A `[Peer]` whose key is not known yet.
    private struct PeerBeingRead {
        var line: Int
        var publicKey: PublicKey?
        var hasFaultyKey = false
        var section = WireGuardFile.PeerSection(publicKey: PublicKey(words: (0, 0, 0, 0)))
        var comments = PeerComments()
    }

    init(origin: String) {
        self.origin = origin
        file = WireGuardFile(origin: origin, interface: .init(), peers: [])
    }

    mutating func read(_ bytes: [UInt8]) throws(ImportFailure) -> WireGuardFile {
        var text = bytes[...]
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        for raw in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            line += 1
            read(line: raw)
        }
        comments.append(.blank)
        giveBackComments()
        endPeer()
        if section == nil, problems.isEmpty {
            problems.append(ImportFinding(origin: origin, "no [Interface] and no [Peer]: not a file of wg or wg-quick"))
        }
        guard problems.isEmpty else { throw ImportFailure(problems) }
        return file
    }

    private mutating func refuse(_ message: String) {
        problems.append(ImportFinding(origin: origin, line: line, message))
    }

    private mutating func read(line raw: ArraySlice<UInt8>) {
        let hash = raw.firstIndex(of: UInt8(ascii: "#"))
        let content = raw[..<(hash ?? raw.endIndex)].trimmed
        let comment = hash.map { raw[$0...].trimmed }
        guard !content.isEmpty else {
            comments.append(comment.map { .comment(Array($0)) } ?? .blank)
            return
        }
        if content.first == UInt8(ascii: "[") {
            begin(content, comment)
        } else {
            // Comments between the keys of a peer are about that peer.
            peer?.comments.inside += comments
            comments = []
            if let comment { peer?.comments.inside.append(.comment(Array(comment))) }
            entry(content)
        }
    }

    private mutating func begin(_ head: ArraySlice<UInt8>, _ comment: ArraySlice<UInt8>?) {
        giveBackComments()
        endPeer()
        switch head.lowercased {
        case "[interface]": section = .interface
        case "[peer]":
            section = .peer
            peer = PeerBeingRead(line: line)
            peer?.comments.above = comments
            if let comment { peer?.comments.inside.append(.comment(Array(comment))) }
        default:
            section = .unknown
            refuse("unknown section: only [Interface] and [Peer] are known")
        }
        comments = []
    }

    /// Comments that touch the last key and not the next head are about the peer before.
    private mutating func giveBackComments() {
        let touching = comments.prefix { if case .comment = $0 { true } else { false } }
        guard peer != nil, touching.count < comments.count else { return }
        peer?.comments.inside += touching
        comments.removeFirst(touching.count)
    }

    private mutating func endPeer() {
        guard let peer else { return }
        self.peer = nil
        guard let key = peer.publicKey else {
            if !peer.hasFaultyKey {
                problems.append(ImportFinding(origin: origin, line: peer.line, "[Peer] has no PublicKey"))
            }
            return
        }
        var section = peer.section
        section.publicKey = key
        section.line = peer.line
        section.name = peer.comments.name
        // A later section of the same key replaces an earlier one, as `wg setconf` does it.
        if let earlier = file.peers.firstIndex(where: { $0.publicKey == key }) {
            file.warnings.append(
                ImportFinding(
                    origin: origin, line: peer.line,
                    "this peer stands twice (first in line \(file.peers[earlier].line ?? 0)): the last one counts"))
            section.name = section.name ?? file.peers[earlier].name
            file.peers.remove(at: earlier)
        }
        file.peers.append(section)
    }

    private mutating func entry(_ content: ArraySlice<UInt8>) {
        guard section != .unknown else { return }
        guard let equals = content.firstIndex(of: UInt8(ascii: "=")) else {
            refuse("expected a section or `key = value`")
            return
        }
        let key = content[..<equals].trimmed.lowercased
        let value = content[(equals + 1)...].trimmed
        switch section {
        case nil: refuse("a key stands before the first section")
        case .interface: interfaceEntry(key, value)
        case .peer: peerEntry(key, value)
        case .unknown: break
        }
    }

    private mutating func interfaceEntry(_ key: String, _ value: ArraySlice<UInt8>) {
        switch key {
        case "privatekey":
            if let secret = secret(value, "PrivateKey") { file.interface.privateKey = secret }
        case "listenport":
            if let port = number(value, "ListenPort", 0...65535) {
                file.interface.listenPort = port == 0 ? nil : UInt16(port)
            }
        case "fwmark":
            if let mark = number(value, "FwMark", 0...0xFFFF_FFFF, off: true) { file.interface.fwmark = UInt32(mark) }
        case "address":
            file.interface.address += list(value, "Address", "an address such as 10.8.0.1/24") {
                InterfaceAddress(text: $0)
            }
        case "dns": dns(value)
        case "mtu":
            if let mtu = number(value, "MTU", 576...65535) { file.interface.mtu = Int(mtu) }
        case "table": table(value)
        case "saveconfig":
            switch value.lowercased {
            case "true": file.interface.saveConfigLine = line
            case "false": file.interface.saveConfigLine = nil
            default: refuse("SaveConfig must be true or false")
            }
        case "preup": hook(.preUp, value)
        case "postup": hook(.postUp, value)
        case "predown": hook(.preDown, value)
        case "postdown": hook(.postDown, value)
        default: refuseUnknown(key, "[Interface]")
        }
    }

    private mutating func peerEntry(_ key: String, _ value: ArraySlice<UInt8>) {
        switch key {
        case "publickey":
            peer?.publicKey = PublicKey(text: value)
            if peer?.publicKey == nil {
                peer?.hasFaultyKey = true
                refuse("PublicKey must be 44 characters of base64, as `wg pubkey` prints them")
            }
        case "presharedkey":
            if value.isNone {
                peer?.section.presharedKey = nil
            } else if let secret = secret(value, "PresharedKey") {
                peer?.section.presharedKey = secret.isZero ? nil : secret
            }
        case "allowedips": allowedIPs(value)
        case "endpoint":
            if value.isNone {
                peer?.section.endpoint = nil
            } else if let endpoint = Endpoint(value.text) {
                peer?.section.endpoint = endpoint
            } else {
                refuse("Endpoint must be host:port, found \(quoted(value))")
            }
        case "persistentkeepalive":
            if let seconds = number(value, "PersistentKeepalive", 0...65535, off: true) {
                peer?.section.persistentKeepalive = UInt16(seconds)
            }
        default: refuseUnknown(key, "[Peer]")
        }
    }

    private mutating func hook(_ phase: WireGuardFile.Hook.Phase, _ value: ArraySlice<UInt8>) {
        guard !value.isEmpty else { return }
        file.interface.hooks.append(.init(phase, line: line, command: value.text))
    }

    /// The key of a line that nobody knows is shown only if it can't be a misplaced secret.
    private mutating func refuseUnknown(_ key: String, _ section: String) {
        let isWord =
            (1...24).contains(key.utf8.count) && key.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }
        refuse(isWord ? "unknown key \(key) in \(section)" : "unknown key in \(section)")
    }

    private func quoted(_ value: ArraySlice<UInt8>) -> String { "\"\(KeyMask.masked(value.prefix(64)))\"" }

    private mutating func secret(_ value: ArraySlice<UInt8>, _ key: String) -> SecretKey? {
        let secret = SecretKey(text: value)
        if secret == nil { refuse("\(key) must be 44 characters of base64, as `wg genkey` prints them") }
        return secret
    }

    private mutating func number(
        _ value: ArraySlice<UInt8>, _ key: String, _ range: ClosedRange<Int64>, off: Bool = false
    ) -> Int64? {
        let text = value.lowercased
        if off, text == "off" || text == "(none)" { return 0 }
        let number = text.hasPrefix("0x") ? Int64(text.dropFirst(2), radix: 16) : Int64(text)
        guard let number, range.contains(number), text.first != "+" else {
            let word = off ? "off or " : ""
            refuse(
                "\(key) must be \(word)a number from \(range.lowerBound) to \(range.upperBound), found \(quoted(value))"
            )
            return nil
        }
        return number
    }

    private mutating func list<Value>(
        _ value: ArraySlice<UInt8>, _ key: String, _ what: String, _ parse: (ArraySlice<UInt8>) -> Value?
    ) -> [Value] {
        var values: [Value] = []
        for part in value.split(separator: UInt8(ascii: ",")) {
            let item = part.trimmed
            guard !item.isEmpty, !item.isNone else { continue }
            guard let parsed = parse(item) else {
                refuse("\(key) must be \(what), found \(quoted(item))")
                continue
            }
            values.append(parsed)
        }
        return values
    }

    private mutating func allowedIPs(_ value: ArraySlice<UInt8>) {
        let prefixes = list(value, "AllowedIPs", "a prefix such as 10.8.0.2/32") { item in
            // `+` adds to what the kernel has (wg(8)): in a file it says the same as no sign.
            Prefix(text: item.first == UInt8(ascii: "+") ? item.dropFirst() : item)
        }
        var known = Set(peer?.section.allowedIPs ?? [])
        for prefix in prefixes where known.insert(prefix).inserted { peer?.section.allowedIPs.append(prefix) }
    }

    private mutating func dns(_ value: ArraySlice<UInt8>) {
        for part in value.split(separator: UInt8(ascii: ",")) {
            let item = part.trimmed
            guard !item.isEmpty else { continue }
            if let address = IPAddress(text: item) {
                file.interface.dns.append(address)
            } else if let name = HostName(text: item) {
                file.interface.dnsSearch.append(name.value)
            } else {
                refuse("DNS must be an address or a search domain, found \(quoted(item))")
            }
        }
    }

    private mutating func table(_ value: ArraySlice<UInt8>) {
        switch value.lowercased {
        case "auto": file.interface.table = .auto
        case "off": file.interface.table = .off
        case "main": file.interface.table = .number(254)
        case "default": file.interface.table = .number(253)
        default:
            if let table = number(value, "Table", 1...0xFFFF_FFFF) {
                if table == 255 { refuse("Table must not be 255, the kernel's own local table") }
                file.interface.table = .number(UInt32(table))
            }
        }
    }
}

extension ArraySlice<UInt8> {
    /// Without spaces, tabs and carriage returns at the ends.
    var trimmed: ArraySlice<UInt8> {
        var slice = self
        while let first = slice.first, first == 0x20 || first == 0x09 || first == 0x0D { slice.removeFirst() }
        while let last = slice.last, last == 0x20 || last == 0x09 || last == 0x0D { slice.removeLast() }
        return slice
    }

    var text: String { String(decoding: self, as: UTF8.self) }
    /// The text with the ASCII letters in lower case.
    var lowercased: String { String(decoding: map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self) }
    /// `wg` prints `(none)` where there is no value.
    var isNone: Bool { elementsEqual("(none)".utf8) }
}
