/// Why a write was not done. Nothing of it is in the repository then.
public enum WriteFailure: Error, Sendable {
    /// The repository may not or can't be written, and what to do.
    case readOnly(String)
    /// A person has uncommitted edits in these files.
    case dirty(paths: [String])
    /// The head is in the way: it isn't valid, a merge is under way, others keep moving it.
    case conflict(String)
    /// The tree would not be valid; the problems, rendered.
    case invalid(problems: [String])
    /// The intent or the check refused.
    case refused(any Error)
    /// The head can't be read.
    case unreadable(String)
    /// The remote went another way, which a person resolves.
    case diverged(String)
    /// It could not be written: disk full, git failed, a target that isn't a plain file.
    case failed(String)
}

extension WriteFailure: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        switch self {
        case .readOnly(let text), .conflict(let text), .unreadable(let text), .diverged(let text), .failed(let text):
            text
        case .dirty(let paths):
            "\(paths.joined(separator: ", ")): uncommitted edits stand there: commit or discard them first"
        case .invalid(let problems): "the configuration would not be valid: \(problems.joined(separator: "; "))"
        case .refused(let error): "\(error)"
        }
    }
}
