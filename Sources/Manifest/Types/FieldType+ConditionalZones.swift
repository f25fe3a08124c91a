import Model

extension FieldType where Value == [DNSConditionalZone] {
    /// A mapping of zones to the resolvers that know them.
    static var conditionalZones: FieldType {
        let upstreams = FieldType<[DNSUpstream]>.list("dns-upstream", of: .dnsUpstream, "resolvers", minimum: 1)
        let schema = JSONValue.object([
            ("type", .string("object")), ("propertyNames", .reference("search-domain")),
            ("additionalProperties", upstreams.schema),
        ])
        let show: @Sendable (Value) -> JSONValue = { zones in
            .object(zones.map { ($0.name, upstreams.show($0.upstreams)) })
        }
        return FieldType(schema: schema, allowed: allowed, show: show, merge: mergeZones) { node, context in
            guard case .map(let entries) = node.content else {
                context.wrongType(node, allowed: allowed)
                return nil
            }
            let problems = context.problems.count
            var zones: [DNSConditionalZone] = []
            for entry in entries {
                guard let name = HostName(text: Array(entry.key.text.utf8)[...])?.value else {
                    reportZone(entry.key, "must be the name of a zone such as corp.example", nil, &context)
                    continue
                }
                if zones.contains(where: { $0.name == name }) {
                    reportZone(
                        entry.key, "stands twice: upper and lower case are the same", "remove one of them", &context)
                    continue
                }
                let outer = context.field
                context.field += "." + name
                if let list = upstreams.decode(entry.value, &context) {
                    zones.append(DNSConditionalZone(name: name, upstreams: list))
                }
                context.field = outer
            }
            guard context.problems.count == problems else { return nil }
            return zones.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        }
    }

    private static let allowed = "a mapping of zones to lists of resolvers"

    private static func reportZone(
        _ key: Key, _ message: String, _ suggestion: String?, _ context: inout DecodeContext
    ) {
        context.report(
            key.range.start, .invalidValue,
            "key \(Printable.quoted(key.text)) in \(context.field) of \(context.objectLabel) \(message)",
            suggestion: suggestion)
    }

    /// Each zone of a body is one change; `null` removes it.
    private static func mergeZones(
        _ node: Node, _ present: JSONValue, _ path: [String], _ reading: inout BodyReading
    ) {
        guard case .map(let entries) = node.content else { return }
        for entry in entries {
            let name = entry.key.text
            let known = HostName(text: Array(name.utf8)[...]).flatMap { present[$0.value] }
            if entry.value.isNull {
                if known != nil { reading.change(path + [name], to: nil) }
                continue
            }
            let single = Node(.map([entry]), range: entry.range)
            let decode = FieldType.conditionalZones
            guard let zones = reading.decode(single, by: decode.decode, path), let zone = zones.first,
                decode.show(zones)[zone.name] != known
            else { continue }
            do throws(EditRefusal) {
                reading.change(path + [name], to: try EditValue(entry.value))
            } catch {
                reading.refuse(path + [name], error.message)
            }
        }
    }
}
