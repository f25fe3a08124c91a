/// Why the history can't be shown.
public enum HistoryFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// A plain directory has none.
    case noRepository(String)
    /// No such peer, or several.
    case unknownPeer(String)
    /// git could not read it.
    case unreadable(String)

    /// The message.
    public var description: String {
        switch self {
        case .noRepository(let directory):
            "\(directory) is not a git repository: run `wirebuddy init`"
        case .unknownPeer(let why), .unreadable(let why): why
        }
    }
}
