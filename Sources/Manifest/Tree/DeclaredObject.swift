import Model

/// An object of one of the kinds.
enum DeclaredObject: Sendable {
    case interface(Declared<Interface>)
    case peer(Declared<Peer>)
    case settings(Declared<Settings>)
    case recipients(Declared<RecipientList>)
    case user(Declared<User>)

    var identity: ObjectIdentity {
        switch self {
        case .interface(let declared): .interface(declared.object.name)
        case .peer(let declared): .peer(declared.object.name, of: declared.object.interface)
        case .settings: .settings
        case .recipients: .recipients
        case .user(let declared): .user(declared.object.username)
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
        }
    }
}
