public import Model

extension Manifest {
    /// What a body changes of an object of a kind.
    ///
    /// Fields whose value means what is there change nothing, however they are spelled; `null` lets the default count;
    /// mappings are merged key by key (JSON Merge Patch); a single value for `ip` or `address` replaces only the
    /// addresses of its family, and nothing if it is the first one.
    ///
    /// - Parameters:
    ///   - body: the body, without what ``shown`` holds beyond the declared fields.
    ///   - shown: the object as the API shows it; nil for one that is to be made.
    public static func changes(of body: JSONBody, kind: String, shown: JSONValue?) -> BodyChanges {
        switch kind {
        case InterfaceKind.kind.name: changes(body, InterfaceKind.kind, shown)
        case PeerKind.kind.name: changes(body, PeerKind.kind, shown)
        case SettingsKind.kind.name: changes(body, SettingsKind.kind, shown)
        case UserKind.kind.name: changes(body, UserKind.kind, shown)
        default: preconditionFailure("no bodies of kind \(kind)")
        }
    }

    private static func changes<Object>(_ body: JSONBody, _ kind: Kind<Object>, _ shown: JSONValue?) -> BodyChanges {
        var reading = BodyReading(kind: kind.name, root: body.root, isUpdate: shown != nil)
        let declared = Set(kind.table.shownNames)
        let entries = body.entries.filter { entry in
            // `kind` and `apiVersion` may stand there: what is committed is what is posted.
            if entry.key.text == "kind" { return JSONValue(entry.value) != .string(kind.name) }
            if entry.key.text == "apiVersion" { return JSONValue(entry.value) != .string(Kinds.apiVersion) }
            guard let present = shown?[entry.key.text], !declared.contains(entry.key.text) else { return true }
            if JSONValue(entry.value) != present {
                reading.refuse([entry.key.text], "\(entry.key.text) is read-only: leave it out, or as it was served")
            }
            return false
        }
        kind.table.merge(entries, into: shown ?? .null, path: [], &reading)
        var changes = BodyChanges()
        changes.changes = reading.changes
        changes.secrets = reading.secrets
        changes.faults = reading.faults
        return changes
    }
}

extension FieldTable {
    /// The names under which a body may give its fields.
    var shownNames: [String] {
        fields.flatMap { field -> [String] in
            switch field.presentation {
            case .first(let all): [field.name, all]
            case .taken(let name): [field.name, name]
            case .plain, .fixed: [field.name]
            }
        }
    }
}
