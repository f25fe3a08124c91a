import Database
import FoundationEssentials
import Glibc
import Model
import Reconciler
import Repository

/// Where the files of a backup gather before they are packed: a directory that only root reads, below the state
/// directory, gone when the work ends.
struct BackupStage: ~Copyable {
    /// Names in the state directory that are made anew, or that are read by SQLite and not as files.
    private static let databases = ["wirebuddy.db", "telemetry.db", "history.db"]
    private static let left: Set = ["lists", "wirebuddy.sock", LastBackup.name]
    private static let prefix = ".backup-"

    private let settings: HostSettings
    private let directory: String

    /// The files as they are packed.
    var contents: String { "\(directory)/contents" }
    /// The archive that is made of them.
    var archive: String { "\(directory)/archive.tar" }

    /// Makes the directory, and removes what a killed process left.
    ///
    /// - Throws: ``CommandFailure``.
    init(_ settings: HostSettings) throws(CommandFailure) {
        self.settings = settings
        let state = settings.state.content
        directory = "\(state)/\(Self.prefix)\(getpid())"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: state)) ?? []
        for name in names where name.hasPrefix(Self.prefix) {
            let process = name.dropFirst(Self.prefix.count)
            guard unsafe access("/proc/\(process)", F_OK) != 0 else { continue }
            try? FileManager.default.removeItem(atPath: "\(state)/\(name)")
        }
        for path in [directory, contents, "\(contents)/state"] { try TextFile.makeDirectory(path, mode: 0o700) }
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Copies what only this host has: the state database, keys and secrets, of one moment.
    ///
    /// - Returns: the schema of the database.
    /// - Throws: ``CommandFailure``.
    func gatherState() throws(CommandFailure) -> String {
        let state = settings.state.content
        let schema = try gatherDatabase("wirebuddy.db")
        for name in try names(in: state) where !Self.isLeft(name) { try copy("\(state)/\(name)", to: "state/\(name)") }
        let secrets = settings.secretsDirectory.content
        if !FilePath.real(secrets).hasPrefix(FilePath.real(state) + "/"), unsafe access(secrets, F_OK) == 0 {
            try copy(secrets, to: "secrets")
        }
        let hostFile = settings.hostFile.content
        if unsafe access(hostFile, F_OK) == 0 { try copy(hostFile, to: "wirebuddy.yaml") }
        return schema
    }

    /// Copies a database as it is now.
    ///
    /// - Returns: the schema, of the state database.
    /// - Throws: ``CommandFailure``.
    @discardableResult
    func gatherDatabase(_ name: String) throws(CommandFailure) -> String {
        let copy = "\(contents)/state/\(name)"
        do throws(DatabaseFailure) {
            try DatabaseCopy(path: "\(settings.state.content)/\(name)").write(to: copy)
            unsafe chmod(copy, 0o600)
            return name == "wirebuddy.db" ? try DatabaseCopy(path: copy).schema() : ""
        } catch {
            throw CommandFailure(.error, error.description)
        }
    }

    /// Copies the configuration: a git bundle, or the files of a plain directory.
    ///
    /// - Throws: ``CommandFailure``.
    func gatherConfiguration(_ repository: ConfigurationRepository) async throws(CommandFailure) -> RepositoryBundle? {
        do throws(RevisionFailure) {
            if let bundle = try await repository.writeBundle(to: "\(contents)/config.bundle") { return bundle }
        } catch {
            throw CommandFailure(error)
        }
        try copy(settings.config.content, to: "config")
        return nil
    }

    /// Packs all of it with its manifest.
    ///
    /// - Throws: ``CommandFailure``.
    func pack(madeAt: Timestamp, schema: String, _ bundle: RepositoryBundle?) async throws(CommandFailure)
        -> BackupManifest
    {
        var files: [BackupManifest.File] = []
        for path in try BackupTree.files(below: contents) {
            let digest = try FileDigest.of("\(contents)/\(path)")
            var status = stat()
            unsafe stat("\(contents)/\(path)", &status)
            files.append(
                BackupManifest.File(
                    path: path, mode: String(status.st_mode & 0o777, radix: 8), bytes: digest.bytes,
                    sha256: digest.sha256))
        }
        let manifest = BackupManifest(madeAt: madeAt, schema: schema, repository: bundle, files: files)
        do {
            try TextFile.replace("\(contents)/\(BackupManifest.name)", with: manifest.text(), mode: 0o600)
        } catch {
            throw CommandFailure(pass: error)
        }
        let others = try names(in: contents).filter { $0 != BackupManifest.name }
        try await TarProgram.pack([BackupManifest.name] + others, of: contents, into: archive)
        return manifest
    }

    private static func isLeft(_ name: String) -> Bool {
        name.hasPrefix(".") || left.contains(name) || databases.contains { name.hasPrefix($0) }
    }

    private func names(in directory: String) throws(CommandFailure) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        } catch {
            throw CommandFailure(.error, "\(directory) can't be read: \(SystemError(errno))")
        }
    }

    /// Copies a file, or a directory with all below it. A link to a file becomes the file; sockets and pipes stay out.
    private func copy(_ path: String, to name: String) throws(CommandFailure) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            // Files come and go while the gateway runs, and a link may lead nowhere.
            if errno == ENOENT { return }
            throw CommandFailure(.error, "\(path) can't be read: \(SystemError(errno))")
        }
        let mode = status.st_mode & 0o777
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            try TextFile.makeDirectory("\(contents)/\(name)", mode: 0o700)
            for child in try names(in: path) { try copy("\(path)/\(child)", to: "\(name)/\(child)") }
        case S_IFREG:
            switch SmallFile.read(path, limit: .max) {
            case .success(let bytes): try TextFile.replace("\(contents)/\(name)", with: bytes, mode: mode)
            case .failure(let error) where error.code == ENOENT: return
            case .failure(let error): throw CommandFailure(.error, "\(path) can't be read: \(error)")
            }
        default: return
        }
    }
}
