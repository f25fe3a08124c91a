public import Model

extension Manifest {
    /// What a body changes of an object of a kind.
    ///
    /// Fields whose value means what is there change nothing, however they are spelled; `null` lets the default count;
    /// mappings are merged key by key (JSON Merge Patch); a single value for `ip` or `address` replaces only the
    /// addresses of its family, and nothing if it is the first one.
    ///
    /// - Parameters:
    ///   - body: the body.
    ///   - shown: the object as the API shows it; nil for one that is to be made.
    public static func changes(of body: JSONBody, kind: ResourceKind, shown: JSONValue?) -> BodyChanges {
        switch kind {
        case .interface: changes(body, InterfaceKind.kind, kind, shown)
        case .peer: changes(body, PeerKind.kind, kind, shown)
        case .settings: changes(body, SettingsKind.kind, kind, shown)
        case .user: changes(body, UserKind.kind, kind, shown)
        case .dnsSettings: changes(body, DNSSettingsKind.kind, kind, shown)
        case .blocklist: changes(body, BlocklistKind.kind, kind, shown)
        case .dnsRule: changes(body, DNSRuleKind.kind, kind, shown)
        case .access: changes(body, AccessKind.kind, kind, shown)
        case .forward: changes(body, ForwardKind.kind, kind, shown)
        }
    }

    private static func changes<Object>(
        _ body: JSONBody, _ kind: Kind<Object>, _ resource: ResourceKind, _ shown: JSONValue?
    ) -> BodyChanges {
        var reading = BodyReading(kind: kind.name, root: body.root, isUpdate: shown != nil)
        let declared = Set(kind.table.bodyNames)
        var entries: [Entry] = []
        for entry in body.entries {
            let key = entry.key.text
            // `kind` and `apiVersion` may stand there: what is committed is what is posted.
            if key == "kind", JSONValue(entry.value) == .string(kind.name) { continue }
            if key == "apiVersion", JSONValue(entry.value) == .string(Kinds.apiVersion) { continue }
            if declared.contains(key) || shown == nil {
                entries.append(entry)
            } else if let present = shown?[key] {
                guard !resource.observed.contains(key), JSONValue(entry.value) != present else { continue }
                reading.refuse([key], "\(key) is read-only: leave it out, or as it was served")
            } else if !resource.observed.contains(key) {
                entries.append(entry)
            }
        }
        kind.table.merge(entries, into: shown ?? .null, path: [], &reading)
        if shown == nil {
            for name in resource.required where body.root[name]?.isNull ?? true {
                guard !reading.result.faults.contains(where: { $0.field == name }) else { continue }
                reading.refuse([name], "\(reading.label) needs \(name)")
            }
        }
        return reading.result
    }
}

extension FieldTable {
    /// The names under which a body may give its fields.
    var bodyNames: [String] {
        fields.flatMap { field -> [String] in
            switch field.presentation {
            case .first(let all): [field.name, all]
            case .taken(let name): [name]
            case .plain, .fixed, .masked: [field.name]
            }
        }
    }
}
