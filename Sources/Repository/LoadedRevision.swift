public import Manifest
public import Model
public import Reconciler

/// What one state of the repository declares, with every problem in it.
public struct LoadedRevision: Sendable {
    /// A commit id; `sha-…` for a plain directory, `worktree-…` for uncommitted files.
    public let id: String
    /// What kind of place it was read from, for people.
    public let origin: String
    /// What is declared; nil if any problem is an error.
    public let catalog: Catalog?
    /// Everything that is wrong, sorted.
    public let problems: [Problem]
    /// The peers that leave out what a write-back would make, in the order of the files.
    public let missing: [IncompletePeer]
    /// What is wrong between the repository and its remote.
    var obstacle: RevisionObstacle?

    init(id: String, origin: String, result: LoadResult, refused: [RefusedEntry]) {
        self.id = id
        self.origin = origin
        catalog = refused.isEmpty ? result.catalog : nil
        missing = result.missing
        problems = refused.isEmpty ? result.problems : (result.problems + refused.map(\.problem)).sorted()
    }

    /// A commit whose files were validated before it was made, as nothing but errors of theirs would keep it from being used.
    init(id: String, origin: String, catalog: Catalog, result: LoadResult) {
        self.id = id
        self.origin = origin
        self.catalog = catalog
        missing = result.missing
        problems = result.problems
    }

    private init(id: String, _ other: LoadedRevision) {
        self.id = id
        origin = other.origin
        catalog = other.catalog
        problems = other.problems
        missing = other.missing
    }

    /// The same declarations under another id: a commit that changed no file.
    func renamed(_ id: String) -> LoadedRevision { LoadedRevision(id: id, self) }

    /// The revision as the reconciler takes it.
    public func outcome() -> Result<DesiredRevision, RevisionFailure> {
        let rendered = problems.map { $0.render() }
        guard let catalog else { return .failure(.invalid(revision: id, problems: rendered)) }
        var revision = DesiredRevision(id: id, catalog: catalog, warnings: rendered, origin: origin)
        revision.obstacle = obstacle
        return .success(revision)
    }
}

extension RefusedEntry {
    /// The error it is reported as.
    var problem: Problem {
        let (code, message, suggestion): (ProblemCode, String, String) =
            switch reason {
            case .link: (.symbolicLink, "symbolic links are not followed", "put the file itself here")
            case .submodule:
                (.submodule, "submodules are not read", "put the files themselves into this repository")
            case .special: (.specialFile, "is not a regular file", "remove it, or give it another name")
            case .tooDeep:
                (.tooDeep, "folders nest deeper than \(TreeListing.deepest) levels", "move the files further up")
            }
        return Problem(
            path: String(decoding: path, as: UTF8.self), position: .start, code: code, message: message,
            suggestion: suggestion)
    }
}
