import Manifest
import Model

/// A head that this process wrote: what it declares is known from the validation before the commit.
struct WrittenHead: Sendable {
    /// The commit.
    let commit: ObjectName
    /// Its files.
    let tree: ManifestTree
    /// What it declares.
    let loaded: LoadedRevision
}

extension ConfigurationRepository {
    /// Takes over what a commit declares that was just written, so that nobody has to find out again.
    func take(_ written: WrittenHead) { ownHead = written }
}
