import Manifest
import Model
import Reconciler

/// Reading what is not the head.
extension ConfigurationRepository {
    /// Reads the configuration of a commit or tree; the head is not touched.
    ///
    /// - Parameter object: The full name of a commit or tree.
    func loadTree(_ object: String, now: Timestamp) async throws(RevisionFailure) -> LoadedRevision {
        await turns.take()
        defer { turns.give() }
        do {
            let objects = try GitObjectReader(git, directory: directory)
            guard let tree = try objects.object(Array("\(object)^{tree}".utf8)) else {
                throw RevisionFailure.unreadable("\(directory) has no object \(object)")
            }
            guard let name = ObjectName(hexadecimal: Array(object.utf8)) else {
                throw RevisionFailure.unreadable("\(object) is not the full name of an object")
            }
            // What is kept of the head is then that of another commit: it is read again.
            head = nil
            return try await load(name, tree.name, from: objects, now: now)
        } catch let failure as RevisionFailure {
            throw failure
        } catch {
            throw .unreadable("\(error)")
        }
    }
}
