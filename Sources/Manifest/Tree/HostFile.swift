public import Model

/// The host file `/etc/wirebuddy.yaml`.
public enum HostFile {
    /// Reads the host file; an empty one has nothing but defaults.
    ///
    /// - Returns: the configuration, nil if any problem is an error, and the problems in order.
    public static func decode(path: String, bytes: [UInt8]) -> (configuration: HostConfiguration?, problems: [Problem])
    {
        let tree = SyntaxTree(path: path, bytes: bytes)
        var problems = tree.problems
        guard let document = tree.documents.first else {
            return (problems.isEmpty ? HostConfiguration() : nil, problems)
        }
        if tree.documents.count > 1 {
            problems.append(
                Problem(
                    path: path, position: tree.documents[1].root.range.start, code: .duplicateIdentity,
                    message: "the host file holds one document"))
        }
        guard case .map = document.root.content else {
            problems.append(
                Problem(
                    path: path, position: document.root.range.start, code: .notAMapping,
                    message: "the host file must be a mapping", suggestion: "config: /etc/wirebuddy"))
            return (nil, problems.sorted())
        }
        let declared = HostKind.kind.decode(document.root, path: path, problems: &problems)
        return (problems.isEmpty ? declared.object : nil, problems.sorted())
    }
}
