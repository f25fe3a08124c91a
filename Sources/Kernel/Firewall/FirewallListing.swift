import Model

/// Our table as `nft -j list table inet wirebuddy` prints it.
enum FirewallListing {
    /// What is recognised in a listing: the digests of the structure, and the members of our sets.
    ///
    /// The listing digest covers everything that is not a handle, a counter or a member of one of our sets. A member
    /// that none of our writes could have made (a range, a timeout) counts as structure, so that the table is replaced.
    static func read(_ listing: JSONValue, digest: any Digest) -> ObservedFirewall {
        guard let objects = listing["nftables"]?.elements else { return ObservedFirewall() }
        var form = CanonicalForm()
        var elements: FirewallElements = [:]
        var policyDigest = ""
        var isPresent = false
        for object in objects {
            guard let entry = object.members?.first, entry.name != "metainfo" else { continue }
            isPresent = isPresent || entry.name == "table"
            var value = entry.value
            if entry.name == "set" || entry.name == "map", let name = value["name"]?.text,
                let set = FirewallSet(rawValue: name)
            {
                let (members, rest) = self.elements(value["elem"]?.elements ?? [], of: set)
                if !members.isEmpty { elements[set] = members }
                value = value.replacing("elem", with: rest.isEmpty ? nil : .array(rest))
            }
            if entry.name == "rule", value["chain"]?.text == FirewallRenderer.versionChain,
                let comment = value["comment"]?.text, comment.hasPrefix(FirewallRenderer.commentPrefix)
            {
                policyDigest = String(comment.dropFirst(FirewallRenderer.commentPrefix.count))
            }
            form.append(entry.name)
            form.append(value.replacing("handle", with: nil).withoutCounters.bytes)
        }
        guard isPresent else { return ObservedFirewall() }
        let structure = FirewallStructure(
            policyDigest: policyDigest, listingDigest: digest.digest(form.bytes).description)
        return ObservedFirewall(structure: structure, elements: elements)
    }

    private static func elements(
        _ values: [JSONValue], of set: FirewallSet
    ) -> (members: Set<FirewallMember>, rest: [JSONValue]) {
        var members: Set<FirewallMember> = []
        var rest: [JSONValue] = []
        members.reserveCapacity(values.count)
        for value in values {
            if let member = member(value), isMember(member, of: set) {
                members.insert(member)
            } else {
                rest.append(value)
            }
        }
        return (members, rest)
    }

    private static func isMember(_ member: FirewallMember, of set: FirewallSet) -> Bool {
        guard (member.interface != nil) == set.namesInterfaces, (member.accessClass != nil) == set.namesClasses,
            (member.service != nil) == set.namesServices, member.prefix.family == set.family
        else { return false }
        return switch set.extent {
        case .hosts: member.prefix.isHost
        case .networks: !member.prefix.isHost
        case .any: true
        }
    }

    private static func member(_ value: JSONValue) -> FirewallMember? {
        // The key of a map, and what it leads to.
        if let pair = value.elements, pair.count == 2, let target = pair[1]["jump"]?["target"]?.text {
            guard let key = member(pair[0]), let accessClass = FirewallChain.accessClass(target) else { return nil }
            return FirewallMember(key.prefix, on: key.interface, accessClass: accessClass)
        }
        guard let parts = value["concat"]?.elements else { return prefix(value).map { FirewallMember($0) } }
        switch parts.count {
        case 2:
            guard let interface = parts[0].text, let prefix = prefix(parts[1]) else { return nil }
            return FirewallMember(prefix, on: interface)
        case 3:
            guard let prefix = prefix(parts[0]), let service = service(parts[1], parts[2]) else { return nil }
            return FirewallMember(prefix, service: service)
        default: return nil
        }
    }

    private static func service(_ transport: JSONValue, _ ports: JSONValue) -> FirewallService? {
        // Where no file names the protocols, nft prints their numbers.
        let transport = FirewallService.Transport.allCases.first { known in
            transport.text == known.name || transport.integer == Int64(known.rawValue)
        }
        let bounds = (ports["range"]?.elements ?? [ports]).compactMap { $0.integer.flatMap { UInt16(exactly: $0) } }
        guard let transport, let first = bounds.first, let last = bounds.last, first <= last else { return nil }
        return FirewallService(transport, ports: first...last)
    }

    private static func prefix(_ value: JSONValue) -> Prefix? {
        if let text = value.text { return IPAddress(text).map { Prefix(host: $0) } }
        guard let object = value["prefix"], let address = object["addr"]?.text.flatMap({ IPAddress($0) }),
            let length = object["len"]?.integer, (0...Int64(address.family.bits)).contains(length)
        else { return nil }
        return Prefix(address, length: Int(length))
    }
}

extension JSONValue {
    /// The object with a member's value replaced, or the member removed; other values as they are.
    fileprivate func replacing(_ name: String, with value: JSONValue?) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(
            members.compactMap { member in
                member.name == name ? value.map { Member(name: name, value: $0) } : member
            })
    }

    /// The value with every `{"counter": {…}}` statement emptied.
    fileprivate var withoutCounters: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.withoutCounters))
        case .object(let members):
            .object(
                members.map {
                    let isCounter = $0.name == "counter" && $0.value.members != nil
                    return Member(name: $0.name, value: isCounter ? nil : $0.value.withoutCounters)
                })
        default: self
        }
    }
}
