import Database
import FoundationEssentials
import Glibc
import Model
import Reconciler
import Repository

/// A backup that is unpacked beside the places where it is to be, verified there, and moved at once: nothing is ever half
/// restored.
struct RestoredGateway: ~Copyable {
    private let archive: String
    private let settings: HostSettings
    private let state: String
    private let config: String
    /// Where it is unpacked: beside the state directory, so that it can be moved there.
    private let unpacked: String
    private let newConfig: String

    /// - Throws: ``CommandFailure`` when something is in the way.
    init(_ archive: String, _ settings: HostSettings) throws(CommandFailure) {
        self.archive = archive
        self.settings = settings
        state = FilePath.real(settings.state.content)
        config = FilePath.real(settings.config.content)
        unpacked = "\(state).restore-\(getpid())"
        newConfig = "\(config).restore-\(getpid())"
        for (what, path, option) in [("state", state, "--state"), ("configuration", config, "--config")] {
            guard BackupTree.isEmpty(path) else {
                throw CommandFailure(
                    .error,
                    "\(what) directory \(path) is not empty and is not overwritten: move it away (`mv"
                        + " \(ShellWord.quoted(path)) \(ShellWord.quoted(path + ".old"))`), or name another one with"
                        + " \(option)")
            }
        }
        try TextFile.makeDirectory(unpacked, mode: 0o700)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: unpacked)
        try? FileManager.default.removeItem(atPath: newConfig)
    }

    /// Unpacks and verifies all of it; what is there by then is only ours.
    ///
    /// - Throws: ``CommandFailure``.
    func verify() async throws(CommandFailure) -> BackupManifest {
        try await TarProgram.unpack(archive, into: unpacked)
        let manifestPath = "\(unpacked)/\(BackupManifest.name)"
        guard case .success(let bytes) = SmallFile.read(manifestPath, limit: 64 << 20) else {
            throw CommandFailure(.error, "\(archive) is not a backup of wirebuddy: it holds no \(BackupManifest.name)")
        }
        let manifest = try BackupManifest(reading: bytes, of: archive)
        let found = try BackupTree.files(below: unpacked).filter { $0 != BackupManifest.name }
        let wanted = manifest.files.map(\.path).sorted()
        guard found.sorted() == wanted else {
            let odd = Set(found).symmetricDifference(wanted).sorted().first ?? ""
            throw CommandFailure(.error, "\(archive) is damaged: \(odd) is not in both manifest and archive")
        }
        for file in manifest.files {
            let path = "\(unpacked)/\(file.path)"
            guard try FileDigest.of(path) == (file.bytes, file.sha256) else {
                throw CommandFailure(
                    .error, "\(archive) is damaged: \(file.path) is not what its digest says; nothing was restored")
            }
            unsafe chmod(path, (mode_t(file.mode, radix: 8) ?? 0o600) & 0o777)
        }
        do throws(DatabaseFailure) {
            _ = try DatabaseCopy(path: "\(unpacked)/state/wirebuddy.db").schema()
        } catch {
            throw CommandFailure(
                .error, "\(archive) can't be restored by version \(Version.text): \(error.description)")
        }
        return manifest
    }

    /// Ends the window of a change that was on trial when the backup was made.
    ///
    /// - Returns: its revisions; nil when there was none.
    /// - Throws: ``CommandFailure``.
    func endWindow() throws(CommandFailure) -> DatabaseCopy.EndedWindow? {
        do throws(DatabaseFailure) {
            return try DatabaseCopy(path: "\(unpacked)/state/wirebuddy.db").endWindow()
        } catch {
            throw CommandFailure(.error, error.description)
        }
    }

    /// Moves it to its places.
    ///
    /// - Throws: ``CommandFailure``; nothing is there then.
    func place(_ manifest: BackupManifest) async throws(CommandFailure) {
        try makeParent(of: config)
        if let bundle = manifest.bundle {
            do throws(RevisionFailure) {
                try await bundle.clone(from: "\(unpacked)/config.bundle", to: newConfig)
            } catch {
                throw CommandFailure(error)
            }
        } else {
            try copyPlainFiles()
        }
        let outside = "\(unpacked)/secrets"
        let secrets = settings.secretsDirectory.content
        let hasOutside = unsafe access(outside, F_OK) == 0
        if hasOutside {
            let isInside = secrets == "\(settings.state.content)/secrets"
            let place = isInside ? "\(unpacked)/state/secrets" : secrets
            guard BackupTree.isEmpty(place) else {
                throw CommandFailure(.error, "secrets directory \(secrets) is not empty and is not overwritten")
            }
            try makeParent(of: place)
            try move(outside, to: place)
        }
        try move(newConfig, to: config)
        do throws(CommandFailure) {
            try move("\(unpacked)/state", to: state)
        } catch {
            try move(config, to: newConfig)
            throw error
        }
    }

    private func copyPlainFiles() throws(CommandFailure) {
        let source = "\(unpacked)/config"
        try TextFile.makeDirectory(newConfig)
        guard unsafe access(source, F_OK) == 0 else { return }
        for path in try BackupTree.files(below: source) {
            var status = stat()
            guard unsafe stat("\(source)/\(path)", &status) == 0,
                case .success(let bytes) = SmallFile.read("\(source)/\(path)", limit: .max)
            else { throw CommandFailure(.error, "\(source)/\(path) can't be read: \(SystemError(errno))") }
            try TextFile.replace("\(newConfig)/\(path)", with: bytes, mode: status.st_mode & 0o777)
        }
    }

    private func makeParent(of path: String) throws(CommandFailure) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        try TextFile.makeDirectory(String(path[..<slash]))
    }

    /// An empty directory gives way; one that is not is never replaced (rename(2)).
    private func move(_ from: String, to path: String) throws(CommandFailure) {
        guard unsafe rename(from, path) == 0 else {
            throw CommandFailure(
                .error, "\(path) can't be put in place: \(SystemError(errno)); nothing was restored")
        }
    }
}
