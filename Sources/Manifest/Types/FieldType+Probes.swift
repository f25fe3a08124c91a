import Model

extension FieldType where Value == [Settings.Probe] {
    /// More probes are not run at once.
    private static var maximumCount: Int { 32 }

    /// What has to answer: mappings that name exactly one of tcp, http and ping.
    static var probes: FieldType {
        let table = ProbeFields.table
        let list = FieldType<[ProbeEntry]>.objects(table, "probes", minimum: 0) { _ in ProbeEntry() }
        let oneTarget = ProbeFields.targets.map { JSONValue.object([("required", .array([.string($0)]))]) }
        let schema = JSONValue.object([
            ("type", .string("array")), ("items", table.schema.adding("oneOf", .array(oneTarget))),
            ("maxItems", .number(maximumCount)),
        ])
        return FieldType(
            schema: schema, allowed: list.allowed, nestedRows: list.nestedRows, show: { .array($0.map(shown)) }
        ) { node, context in
            let problems = context.problems.count
            let safe = withoutCredentials(node, &context)
            let entries = list.decode(safe, &context)
            if case .list(let items) = safe.content { checkTargets(items, &context) }
            guard let entries, context.problems.count == problems else { return nil }
            let probes = entries.compactMap(\.probe)
            if case .list(let items) = safe.content { checkRepetition(probes, items, &context) }
            return context.problems.count == problems ? probes : nil
        }
    }

    /// Takes out the elements with a user or password somewhere: no message repeats them.
    private static func withoutCredentials(_ node: Node, _ context: inout DecodeContext) -> Node {
        guard case .list(let items) = node.content else { return node }
        var kept: [Node] = []
        for item in items {
            let parts: [Node] = if case .map(let entries) = item.content { entries.map(\.value) } else { [item] }
            let secret = parts.first { part in
                if case .scalar(let scalar) = part.content { ListAddress.holdsCredentials(scalar.text) } else { false }
            }
            guard let secret else {
                kept.append(item)
                continue
            }
            context.reportField(
                secret, .invalidValue, "has an address with user and password",
                suggestion: "leave them out: a page that anybody may read tells as well whether it answers")
        }
        return Node(.list(kept), range: node.range)
    }

    private static func shown(_ probe: Settings.Probe) -> JSONValue {
        let entry = ProbeEntry(probe)
        return .object(ProbeFields.table.fields.map { ($0.name, $0.read(entry)) }.filter { $0.1 != .null })
    }

    private static func checkTargets(_ items: [Node], _ context: inout DecodeContext) {
        for item in items {
            guard case .map(let entries) = item.content else { continue }
            let targets = entries.filter { ProbeFields.targets.contains($0.key.text) }
            if targets.isEmpty {
                context.reportField(
                    item, .missingField, "has an element with neither tcp nor http nor ping",
                    suggestion: "tcp: <host:port>")
            } else if targets.count > 1 {
                context.report(
                    targets[1].key.range.start, .conflictingFields,
                    "\(context.field) of \(context.objectLabel) has an element with both \(targets[0].key.text) and"
                        + " \(targets[1].key.text)",
                    suggestion: "write an element of its own for each")
            }
        }
        if items.count > maximumCount {
            context.reportField(
                items[maximumCount], .invalidValue, "must have at most \(maximumCount) elements")
        }
    }

    private static func checkRepetition(
        _ probes: [Settings.Probe], _ items: [Node], _ context: inout DecodeContext
    ) {
        for (index, (probe, item)) in zip(probes, items).enumerated()
        where probes[..<index].contains(where: probe.asks) {
            context.reportField(
                item, .invalidValue, "has \(Printable.quoted(probe.description)) twice",
                suggestion: "remove one of them")
        }
    }
}

extension FieldType where Value == String {
    /// A page that is asked for.
    static var probeAddress: FieldType {
        let allowed = "an address that begins with https:// or http://"
        return FieldType(
            schema: .reference("receiver-address"), allowed: allowed, show: { .string($0) }
        ) { node, context in
            guard let text = context.string(node, allowed: allowed) else { return nil }
            if ReceiverAddress.isValid(text) { return text }
            let hint = text.utf8.contains(UInt8(ascii: "#")) ? "leave out what begins with #" : nil
            context.invalid(node, allowed: allowed, suggestion: hint)
            return nil
        }
    }
}
