import Model

/// An object of one of the kinds.
enum DeclaredObject: Sendable {
    case interface(Declared<Interface>)
    case peer(Declared<Peer>)
    case settings(Declared<Settings>)

    var identity: ObjectIdentity {
        switch self {
        case .interface(let declared): .interface(declared.object.name)
        case .peer(let declared): .peer(declared.object.name, of: declared.object.interface)
        case .settings: .settings
        }
    }

    /// Where the document begins.
    var start: SourcePosition {
        switch self {
        case .interface(let declared): declared.start
        case .peer(let declared): declared.start
        case .settings(let declared): declared.start
        }
    }
}
