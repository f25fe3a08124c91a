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
            if entry.name == "set", let name = value["name"]?.text, let set = FirewallSet(rawValue: name) {
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
            if let member = member(value), (member.interface != nil) == set.namesInterfaces,
                member.prefix.family == set.family, member.prefix.isHost != set.holdsNetworks
            {
                members.insert(member)
            } else {
                rest.append(value)
            }
        }
        return (members, rest)
    }

    private static func member(_ value: JSONValue) -> FirewallMember? {
        guard let parts = value["concat"]?.elements else { return prefix(value).map { FirewallMember($0) } }
        guard parts.count == 2, let interface = parts[0].text, let prefix = prefix(parts[1]) else { return nil }
        return FirewallMember(prefix, on: interface)
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
