import Model

/// The table of `kind: Access`.
enum AccessKind {
    static let kind = Kind<AccessRule>(
        "Access", "What some peers may reach through the gateway.", schemaName: "access", table: table,
        initial: { AccessRule(name: "", from: AccessSources(), to: [], location: $0) })

    static let name = table.number("name")
    static let from = table.number("from")
    static let to = table.number("to")
    static let ports = table.number("ports")
    static let action = table.number("action")
    static let fallback = table.number("default")

    static let table = FieldTable<AccessRule> {
        Field("name", .documentName, "The name, unique.", required: true, presentation: .fixed, \.name)
        Field(
            "from", .accessSources(sources),
            "Whose connections it is about: those that peers open whom any of the selectors finds, with the answers.",
            required: true, \.from)
        Field(
            "to", .destinations,
            "Where to: prefixes, addresses, and peers with the networks behind them. The gateway itself is not governed"
                + " here, but by input of Interface.", required: true, \.to)
        Field(
            "ports", .list("service", of: .service, "services"),
            "The protocols and ports of the destination; default: every protocol.", default: .array([]), \.ports)
        Field(
            "action", .word, "What becomes of them. A document that denies wins over those that allow.",
            default: .string("allow"), \.action)
        Field(
            "default", .word,
            "What becomes of everything else that these peers open; default: the opposite of action. Where documents"
                + " of a peer differ, deny wins.", \.fallback)
        Field("description", .text, "Free text.", default: .string(""), \.description)
    }

    static let peers = sources.number("peers")
    static let labels = sources.number("labels")
    static let owners = sources.number("owners")
    static let interfaces = sources.number("interfaces")

    private static let sources = FieldTable<AccessSources> {
        Field(
            "peers", .list("peer-reference", of: .peerReference, "names of peers", single: .name),
            "Peers by name, with the interface where the name stands on several.", default: .array([]), \.peers)
        Field("labels", .labels, "Peers that have all of these labels.", default: .object([]), \.labels)
        Field(
            "owners", .list("username", of: .username, "names of users"), "Peers of these users.",
            default: .array([]), \.owners)
        Field(
            "interfaces", .list("interface-name", of: .interfaceName, "names of interfaces"),
            "Peers of these interfaces.", default: .array([]), \.interfaces)
    }
}
