/// Where one listener stands.
public struct ListenerStatus: Sendable, Hashable {
    /// Whether queries are taken.
    public enum State: Sendable, Hashable {
        /// They are, over UDP and TCP.
        case listening
        /// They are not, and it is tried again and again; the reason says what to do where somebody has to do something.
        case waiting(reason: String)
    }

    /// The listener.
    public let listen: ListenAddress
    /// Where it stands.
    public let state: State

    /// A status.
    public init(listen: ListenAddress, state: State) {
        self.listen = listen
        self.state = state
    }
}
