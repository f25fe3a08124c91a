import Model

/// An object of one of the kinds.
enum DeclaredObject: Sendable {
    case interface(Declared<Interface>)
    case peer(Declared<Peer>)
    case settings(Declared<Settings>)
}
