/// Keeps bound sockets while the program is not there, so that queries wait in the kernel until it is back: the file
/// descriptor store of a service manager.
public protocol SocketStore: Sendable {
    /// The names of sockets that were kept and that nobody took yet.
    var names: [String] { get }

    /// The sockets that were kept under a name; nobody else gets them, and who takes them closes them. They stay kept.
    func take(_ name: String) -> [CInt]

    /// Keeps duplicates of these sockets under a name, besides those it has.
    func keep(_ sockets: [CInt], as name: String)

    /// Keeps nothing under these names any more. Their duplicates are closed when this returns, if that can be known.
    func forget(_ names: [String]) async
}
