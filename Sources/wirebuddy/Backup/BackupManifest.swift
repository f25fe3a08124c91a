import FoundationEssentials
import Model
import Reconciler
import Repository

/// What a backup holds and how it was when it was made: `manifest.json`, the first file of the archive.
struct BackupManifest: Codable, Sendable {
    /// One file of the archive.
    struct File: Codable, Sendable {
        /// Its path in the archive.
        let path: String
        /// Its permissions, as `chmod` takes them.
        let mode: String
        let bytes: Int
        let sha256: String
    }

    /// The git repository of `config.bundle`; nil: the configuration is the plain files below `config/`.
    struct Repository: Codable, Sendable {
        struct Remote: Codable, Sendable {
            let name: String
            let url: String
        }

        let branch: String
        let revision: String
        let bare: Bool
        let remotes: [Remote]
    }

    /// The layout of the archive that this program writes and reads.
    static let format = 1
    /// Its name in the archive.
    static let name = "manifest.json"

    let document: String
    let format: Int
    /// The version of the program that made it.
    let version: String
    let madeAt: String
    /// The last migration of the state database.
    let schema: String
    let repository: Repository?
    let files: [File]

    enum CodingKeys: String, CodingKey {
        case document, format, version, schema, repository, files
        case madeAt = "made_at"
    }

    init(madeAt: Timestamp, schema: String, repository: RepositoryBundle?, files: [File]) {
        document = "backup-manifest"
        format = Self.format
        version = Version.text
        self.madeAt = madeAt.description
        self.schema = schema
        self.repository = repository.map { bundle in
            Repository(
                branch: bundle.branch, revision: bundle.revision, bare: bundle.isBare,
                remotes: bundle.remotes.map { Repository.Remote(name: $0.name, url: $0.url) })
        }
        self.files = files
    }

    /// Reads a manifest.
    ///
    /// - Throws: ``CommandFailure`` when it is none that this version reads.
    init(reading bytes: [UInt8], of archive: String) throws(CommandFailure) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch {
            throw CommandFailure(.error, "\(archive) is not a backup of wirebuddy: its manifest can't be read")
        }
        guard document == "backup-manifest", format == Self.format else {
            throw CommandFailure(
                .error,
                "\(archive) was made by version \(version) of wirebuddy in another layout (format \(format), this version"
                    + " reads \(Self.format)): restore it with that version")
        }
    }

    /// The document.
    func text() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    /// The git repository, as it is made anew.
    var bundle: RepositoryBundle? {
        repository.map { repository in
            RepositoryBundle(
                branch: repository.branch, revision: repository.revision, isBare: repository.bare,
                remotes: repository.remotes.map { RepositoryBundle.Remote(name: $0.name, url: $0.url) })
        }
    }
}
