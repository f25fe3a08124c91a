public import Manifest
public import Model
import Reconciler

/// A commit whose files are to come back.
///
/// All files that are not hidden are restored, not only configuration: what it refers to belongs to it. Hidden ones
/// (`.gitignore`, `.github/`, the schemas of editors) are tools of the repository and stay as they are.
public struct Rollback: Sendable {
    /// The commit.
    public let target: HistoryEntry
    /// What it declares.
    public let catalog: Catalog
    /// The peers that the head keeps out and that would be let in again, by interface and name.
    public let restored: [RestoredPeer]
    let configuration: [String: [UInt8]]
    let others: [FileChange]

    /// A peer that was revoked since.
    public struct RestoredPeer: Sendable, Hashable {
        /// Its name in the commit.
        public let name: String
        /// Its interface.
        public let interface: String
        /// Its key.
        public let publicKey: PublicKey
        /// How it is kept out now, for people: `is disabled`.
        public let reason: String

        /// What its digest is taken of.
        public var canonicalForm: CanonicalForm {
            var form = CanonicalForm()
            form.append("rollback-restores")
            form.append(interface)
            form.append(publicKey.bytes)
            return form
        }
    }

    /// The trailer that names the commit.
    public var trailer: CommitTrailer { CommitTrailer("Rollback-To", target.revision) }

    /// What has to change on a tree; nil when it is as it was then.
    public func change(on tree: ManifestTree) throws -> TreeChange? {
        var files = others
        for file in tree.files where configuration[file.path] == nil {
            files.append(FileChange(path: file.path, content: nil))
        }
        for (path, bytes) in configuration.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
        where try tree.bytes(of: path) != bytes {
            files.append(FileChange(path: path, content: bytes))
        }
        guard !files.isEmpty else { return nil }
        let subject = "Roll back to \(target.revision.prefix(12)): \(target.subject)"
        return TreeChange(
            subject: subject.count <= 72 ? subject : subject.prefix(71) + "…",
            body: "Restores the files as they were at \(target.at).", files: files)
    }
}

/// Why a rollback can't be made.
public enum RollbackFailure: Error, Sendable, Hashable {
    /// There is no such commit in the history, or no history.
    case unknown(String)
    /// What the commit declares isn't valid today; rendered.
    case invalid(revision: String, problems: [String])
    /// git or the files can't be read.
    case unreadable(String)
}

extension ConfigurationRepository {
    /// Reads what a rollback needs. Nothing is written.
    ///
    /// - Parameter revision: A commit of the branch's history, in any way git takes.
    /// - Throws: ``RollbackFailure``.
    public nonisolated func rollback(to revision: String, now: Timestamp) async throws(RollbackFailure) -> Rollback {
        guard GitDirectories.common(of: directory) != nil else {
            throw .unknown(HistoryFailure.noRepository(directory).description)
        }
        do {
            return try await readRollback(to: revision, now: now)
        } catch let failure as RollbackFailure {
            throw failure
        } catch RevisionFailure.unreadable(let why) {
            throw .unreadable(why)
        } catch {
            throw .unreadable("\(error)")
        }
    }

    private nonisolated func readRollback(to revision: String, now: Timestamp) async throws -> Rollback {
        let head = "refs/heads/\(branch)"
        let entry = try await entryOfHistory(revision)
        let commit = entry.revision
        let loaded = try await loadTree(commit, now: now)
        guard let catalog = loaded.catalog else {
            throw RollbackFailure.invalid(revision: commit, problems: loaded.errors)
        }
        let restored = try await restoredPeers(catalog, from: commit, head, now: now)
        return Rollback(
            target: entry, catalog: catalog, restored: restored,
            configuration: try await configurationFiles(of: commit),
            others: try await otherFiles(from: head, to: commit))
    }

    /// The configuration files of a commit.
    private nonisolated func configurationFiles(of commit: String) async throws -> [String: [UInt8]] {
        let output = try await git.run(["ls-tree", "-r", "-z", "--full-tree", commit], in: directory)
        var files: [(path: String, blob: ObjectName)] = []
        // `<mode> <type> <name>\t<path>`
        for line in output.split(separator: 0) {
            guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { continue }
            let words = line[..<tab].split(separator: UInt8(ascii: " "))
            let path = line[line.index(after: tab)...]
            let isHidden = path.split(separator: UInt8(ascii: "/")).contains(where: ConfigurationFileName.isHidden)
            guard words.count == 3, words[0].starts(with: "100".utf8), !isHidden,
                ConfigurationFileName.isConfiguration(path), let blob = ObjectName(hexadecimal: words[2])
            else { continue }
            files.append((String(decoding: path, as: UTF8.self), blob))
        }
        let contents = try contents(of: files.map(\.blob))
        return Dictionary(zip(files.map(\.path), contents), uniquingKeysWith: { first, _ in first })
    }

    /// The files that are neither configuration nor hidden and differ.
    private nonisolated func otherFiles(from head: String, to commit: String) async throws -> [FileChange] {
        let output = try await git.run(
            ["diff-tree", "-r", "-z", "--no-renames", "\(head)^{commit}", commit], in: directory)
        var files: [FileChange] = []
        for (path, change) in RawDiff.changes(output) {
            let isHidden = path.split(separator: UInt8(ascii: "/")).contains(where: ConfigurationFileName.isHidden)
            guard !isHidden, !ConfigurationFileName.isConfiguration(path), !change.isSpecial else { continue }
            let content = try change.new.map { try contents(of: [$0.blob])[0] }
            files.append(FileChange(path: String(decoding: path, as: UTF8.self), content: content))
        }
        return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private nonisolated func contents(of blobs: [ObjectName]) throws(GitFailure) -> [[UInt8]] {
        try GitObjectReader(git, directory: directory).objects(blobs).map { object throws(GitFailure) in
            guard let content = object?.content else {
                throw GitFailure("\(directory) is damaged: run `git -C \(directory) fsck --full`")
            }
            return content
        }
    }

    /// Who is kept out by the head on purpose and would be let in by `catalog`.
    private nonisolated func restoredPeers(
        _ catalog: Catalog, from commit: String, _ head: String, now: Timestamp
    ) async throws -> [Rollback.RestoredPeer] {
        let isLive = { (peer: Peer) in peer.enabled && (peer.expiresAt.map { $0 > now } ?? true) }
        let live = catalog.peers.filter(isLive)
        guard !live.isEmpty else { return [] }
        let present = try await load(now: now).catalog?.peers ?? []
        let known = Dictionary(present.map { (PeerKeyID($0), $0) }, uniquingKeysWith: { first, _ in first })
        var removed: Set<PeerKeyID>?
        var restored: [Rollback.RestoredPeer] = []
        for peer in live {
            let reason: String
            if let now = known[PeerKeyID(peer)] {
                if isLive(now) { continue }
                reason = now.enabled ? "has expired" : "is disabled"
            } else {
                // Only asked for where it matters: it reads the history.
                if removed == nil { removed = try await removedByName(since: commit, head) }
                guard removed?.contains(PeerKeyID(peer)) == true else { continue }
                reason = "was removed by name"
            }
            restored.append(
                Rollback.RestoredPeer(
                    name: peer.name, interface: peer.interface, publicKey: peer.publicKey, reason: reason))
        }
        return restored.sorted { ($0.interface, $0.name) < ($1.interface, $1.name) }
    }

    /// The keys that commands took away since a commit: deletes and new keys that somebody asked for by name, not what a
    /// file edited by hand left out, and not what a rollback brought about.
    private nonisolated func removedByName(since commit: String, _ head: String) async throws -> Set<PeerKeyID> {
        let walk = try await HistoryWalk(["\(commit)..\(head)"], git: git, directory: directory, dnsSyntax: dnsSyntax)
        var removed: Set<PeerKeyID> = []
        for step in walk.steps where step.entry.via != nil && step.entry.rollbackTo == nil {
            removed.formUnion(try walk.peers(in: step, holding: nil).removed)
        }
        return removed
    }
}
