import Model

/// An object of one of the kinds.
enum DeclaredObject: Sendable {
    case interface(Declared<Interface>)
    case peer(Declared<Peer>)
    case settings(Declared<Settings>)
    case recipients(Declared<RecipientList>)
    case user(Declared<User>)
    case dnsSettings(Declared<DNSSettings>)
    case blocklist(Declared<Blocklist>)
    case dnsRule(Declared<DNSRule>)
    case dnsRules(Declared<DNSRuleGroup>)
    case access(Declared<AccessRule>)
    case forward(Declared<Forward>)
    case approval(Declared<Approval>)
    case acknowledgement(Declared<Acknowledgement>)

    var identity: ObjectIdentity {
        switch self {
        case .interface(let declared): .interface(declared.object.name)
        case .peer(let declared): .peer(declared.object.name, of: declared.object.interface)
        case .settings: .settings
        case .recipients: .recipients
        case .user(let declared): .user(declared.object.username)
        case .dnsSettings: .dnsSettings
        case .blocklist(let declared): .blocklist(declared.object.name)
        case .dnsRule(let declared): .dnsRule(declared.object)
        case .dnsRules(let declared): .dnsRules(in: declared.path)
        case .access(let declared): .access(declared.object.name)
        case .forward(let declared): .forward(declared.object.name)
        case .approval(let declared): .approval(declared.object.name)
        case .acknowledgement(let declared): .acknowledgement(declared.object.name)
        }
    }

    /// Where the document begins.
    var start: SourcePosition {
        switch self {
        case .interface(let declared): declared.start
        case .peer(let declared): declared.start
        case .settings(let declared): declared.start
        case .recipients(let declared): declared.start
        case .user(let declared): declared.start
        case .dnsSettings(let declared): declared.start
        case .blocklist(let declared): declared.start
        case .dnsRule(let declared): declared.start
        case .dnsRules(let declared): declared.start
        case .access(let declared): declared.start
        case .forward(let declared): declared.start
        case .approval(let declared): declared.start
        case .acknowledgement(let declared): declared.start
        }
    }
}
