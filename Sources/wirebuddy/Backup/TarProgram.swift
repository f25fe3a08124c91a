import Reconciler
import Subprocess

/// Archives by the program `tar`, which every Debian has.
enum TarProgram {
    /// Packs entries of a directory, the first one first.
    ///
    /// - Throws: ``CommandFailure``.
    static func pack(_ entries: [String], of directory: String, into archive: String) async throws(CommandFailure) {
        try await run(
            [
                "--create", "--file", archive, "--directory", directory, "--format=posix", "--sort=name",
                "--owner=0", "--group=0", "--numeric-owner", "--",
            ] + entries, "the archive can't be made")
    }

    /// Unpacks all of an archive into an empty directory, whatever owners and permissions it names.
    ///
    /// - Throws: ``CommandFailure``.
    static func unpack(_ archive: String, into directory: String) async throws(CommandFailure) {
        try await run(
            [
                "--extract", "--file", archive, "--directory", directory, "--no-same-owner", "--no-same-permissions",
                "--keep-old-files",
            ], "\(archive) can't be read: it is not a whole archive")
    }

    private static func run(_ arguments: [String], _ failure: String) async throws(CommandFailure) {
        let said: String
        do {
            let result = try await Subprocess.run(
                .name("tar"), arguments: Arguments(arguments), output: .discarded, error: .bytes(limit: 1 << 16))
            if result.terminationStatus.isSuccess { return }
            said = String(decoding: result.standardError, as: UTF8.self)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw CommandFailure(.error, "tar was not found in PATH: install it with `apt-get install tar`")
        } catch {
            throw CommandFailure(.error, "tar can't be run: \(error)")
        }
        throw CommandFailure(.error, "\(failure): \(said.split(separator: "\n").first ?? "tar failed")")
    }
}
