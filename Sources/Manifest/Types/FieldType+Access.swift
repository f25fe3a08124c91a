import Model

extension FieldType where Value == PeerReference {
    /// A peer by its name.
    static var peerReference: FieldType {
        FieldType(string: "peer-reference", allowed: "the name of a peer, or interface/name") { text in
            guard let peer = PeerReference(text), PeerName.fault(of: peer.name) == nil,
                peer.interface.map(InterfaceName.isValid) ?? true,
                // What looks like an address was not meant as a name.
                AddressHint.prefix(text) == nil
            else { return nil }
            return peer
        }
    }
}

extension FieldType where Value == AccessSources {
    /// Selectors of peers, of which at least one is used.
    static func accessSources(_ table: FieldTable<AccessSources>) -> FieldType {
        let object = FieldType.object(table, AccessSources())
        let isUsed = { (name: String, nothing: JSONValue) in
            JSONValue.object([
                ("properties", .object([(name, .object([("not", nothing)]))])),
                ("required", .array([.string(name)])),
            ])
        }
        let emptyList = JSONValue.object([("type", .string("array")), ("maxItems", .integer(0))])
        let emptyMap = JSONValue.object([("type", .string("object")), ("maxProperties", .integer(0))])
        let schema = object.schema.adding(
            "anyOf",
            .array([
                isUsed("peers", emptyList), isUsed("labels", emptyMap), isUsed("owners", emptyList),
                isUsed("interfaces", emptyList),
            ]))
        let allowed = "a mapping with peers, labels, owners or interfaces"
        return FieldType(
            schema: schema, allowed: allowed, nestedRows: object.nestedRows, show: object.show, merge: object.merge
        ) { node, context in
            guard case .map = node.content else {
                context.wrongType(node, allowed: allowed, suggestion: PeerHint.mapping(node, key: "peers"))
                return nil
            }
            guard let sources = object.decode(node, &context) else { return nil }
            guard sources.isEmpty else { return sources }
            context.reportField(
                node, .invalidValue, "must name peers, labels, owners or interfaces",
                suggestion: "labels: {team: contractors}")
            return nil
        }
    }
}

extension FieldType where Value == [AccessDestination] {
    /// Prefixes, addresses and peers; one of them may stand alone.
    static var destinations: FieldType {
        .list(
            "destination", of: .destination, "prefixes, addresses and {peer: <name>}", minimum: 1,
            single: .textOrMapping)
    }
}

extension FieldType where Value == AccessDestination {
    /// A prefix, an address, or a mapping that names a peer.
    static var destination: FieldType {
        let (prefix, peer) = (FieldType<Prefix>.prefix, FieldType<DestinationPeer>.object(peerTable, DestinationPeer()))
        let allowed = "a prefix, an address or {peer: <name>}"
        let show: @Sendable (AccessDestination) -> JSONValue = { destination in
            switch destination {
            case .prefix(let value): prefix.show(value)
            case .peer(let reference): .object([("peer", .string(reference.description))])
            }
        }
        return FieldType(schema: .reference("destination"), allowed: allowed, show: show) { node, context in
            switch node.content {
            case .map: return peer.decode(node, &context)?.peer.map { .peer($0) }
            case .scalar(let scalar) where scalar.value == .string:
                if let suggestion = PeerHint.mapping(node, key: "peer") {
                    context.invalid(node, allowed: allowed, suggestion: suggestion)
                    return nil
                }
                return prefix.decode(node, &context).map { .prefix($0) }
            default:
                context.wrongType(node, allowed: allowed)
                return nil
            }
        }
    }

    private struct DestinationPeer: Sendable {
        var peer: PeerReference?
    }

    private static let peerTable = FieldTable<DestinationPeer> {
        Field("peer", .peerReference, "The peer.", required: true, \.peer)
    }
}
