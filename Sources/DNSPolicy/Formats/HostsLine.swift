/// A line of the format `hosts` (hosts(5)): an address, names, then perhaps a comment. Each name is blocked alone; the
/// address only says that the line is one.
enum HostsLine {
    static func read(_ line: ArraySlice<UInt8>) throws(LineFault) -> ListLine {
        let words = ListLine.words(line)
        guard let address = words.first else { return .nothing }
        // A link-local address may name an interface.
        let plain = address.prefix { $0 != UInt8(ascii: "%") }
        guard NameLine.isAddress(plain) else {
            throw LineFault(.badAddress, "\(Printable.text(address)) is not an address")
        }
        guard words.count > 1 else { throw LineFault(.badName, "a hosts line needs a name after the address") }
        var names: [DomainPattern] = []
        for word in words.dropFirst() {
            if localNames.contains(String(decoding: word, as: UTF8.self).lowercased()) || NameLine.isAddress(word) {
                continue
            }
            let name = try ListLine.name(word)
            guard name != .root else { throw LineFault(.badName, "the root of all names can't be listed") }
            names.append(.exact(name))
        }
        guard !names.isEmpty else { throw LineFault(.localName, "names of the host itself are never blocked") }
        return .names(names)
    }

    /// What the hosts file of a system says of itself, and published lists repeat.
    private static let localNames: Set<String> = [
        "localhost", "localhost.localdomain", "local", "broadcasthost", "ip6-localhost", "ip6-loopback",
        "ip6-localnet", "ip6-mcastprefix", "ip6-allnodes", "ip6-allrouters", "ip6-allhosts",
    ]
}
