/// Why a compiled list could not be read from its file, or written to it.
public enum ListFileFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no file.
    case absent
    /// The system refused.
    case system(String)
    /// It is cut off, changed, or no compiled list at all.
    case damaged(String)
    /// Another version of the program wrote it.
    case version(UInt32)
    /// Its names are hashed under another key.
    case key

    /// What is wrong: lower case, no full stop.
    public var description: String {
        switch self {
        case .absent: "there is no compiled list"
        case .system(let reason): reason
        case .damaged(let reason): "the compiled list is damaged: \(reason)"
        case .version(let version): "the compiled list has version \(version), another than this program's"
        case .key: "the compiled list belongs to another key"
        }
    }
}
