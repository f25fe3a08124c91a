import Model

/// The table of `kind: Forward`.
enum ForwardKind {
    static let kind = Kind<Forward>(
        "Forward", "A port of the gateway that leads to a peer.", schemaName: "forward", table: table,
        initial: { Forward(name: "", port: 0, to: initialTarget, location: $0) })

    static let name = table.number("name")
    static let interface = table.number("interface")
    static let transport = table.number("protocol")
    static let port = table.number("port")
    static let to = table.number("to")
    static let from = table.number("from")

    static let table = FieldTable<Forward> {
        Field("name", .documentName, "The name, unique.", required: true, presentation: .fixed, \.name)
        Field(
            "interface", .linkName,
            "The link that packets come in by; default: every one that is not an interface of peers. Peers reach the"
                + " port too, at the gateway's addresses outside the tunnels.", \.interface)
        Field("protocol", .word, "The protocol.", default: .string("tcp"), \.transport)
        Field("port", .port, "The port of the gateway.", required: true, \.port)
        Field("to", .forwardTarget(target, initialTarget), "Where it leads.", required: true, \.to)
        Field(
            "from", .list("prefix", of: .prefix, "prefixes"), "Who may use it, by source address; default: everybody.",
            default: .array([]), \.from)
        Field("description", .text, "Free text.", default: .string(""), \.description)
    }

    static let targetPeer = target.number("peer")

    private static let initialTarget = Forward.Target(peer: PeerReference(name: ""))

    private static let target = FieldTable<Forward.Target> {
        Field(
            "peer", .peerReference, "The peer, with its interface where the name stands on several.", required: true,
            \.peer)
        Field("port", .port, "The port there; default: the same.", \.port)
    }
}
