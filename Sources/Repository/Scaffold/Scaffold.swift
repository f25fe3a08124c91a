import FoundationEssentials
import Glibc
import Manifest
public import Model

/// Makes the skeleton of a configuration repository (`wirebuddy init`): files with comments, schemas for editors, a git
/// repository with a first commit. All of it or nothing: it is built beside its place and moved there in one step.
public struct Scaffold: Sendable {
    /// Who is named in the first commit.
    public struct Author: Sendable, Hashable {
        let name: String
        let email: String

        /// An author.
        public init(name: String, email: String) {
            self.name = name
            self.email = email
        }
    }

    /// Who owns the files, where that isn't the one who runs this (`SUDO_UID`).
    public struct Owner: Sendable, Hashable {
        let user: UInt32
        let group: UInt32

        /// An owner by numbers.
        public init(user: UInt32, group: UInt32) {
            self.user = user
            self.group = group
        }
    }

    /// Where git stores that it may trust a repository of another owner.
    public enum TrustScope: String, Sendable, Hashable {
        /// `/etc/gitconfig`: the daemon has no home directory.
        case system
        /// The configuration of the user who runs this.
        case global
    }

    /// The first user.
    public struct Admin: Sendable, Hashable {
        let username: String
        let passwordHash: String

        /// An admin with the hash of his password.
        public init(username: String, passwordHash: String) {
            self.username = username
            self.passwordHash = passwordHash
        }
    }

    /// What was made.
    public struct Result: Sendable, Hashable {
        /// The files, relative to the directory, sorted.
        public let files: [String]
        /// The first commit; nil for a plain directory.
        public let commit: String?
        /// The host that `public_endpoint` names; nil when none could be found.
        public let publicEndpoint: Endpoint.Host?
        /// What an admin should know or do, for people.
        public let notes: [String]
    }

    /// Where it goes.
    public var directory: String
    /// The branch of the first commit.
    public var branch = "main"
    /// The host that devices dial; nil: the address of the default route.
    public var publicEndpoint: Endpoint.Host?
    /// The public key of this host, which sealed values are sealed to; nil: none stands in the repository yet.
    public var hostKey: PublicKey?
    /// Who may use the API; nil: nobody yet.
    public var admin: Admin?
    /// Who is named in the first commit; nil: who git is set up for.
    public var author: Author?
    /// Who owns the files; nil: who runs this.
    public var owner: Owner?
    /// Where trust in a repository of another owner is stored.
    public var trust = TrustScope.system
    /// The git program and its environment.
    public var git = Git()

    /// The interface document as it is written, until somebody edits it.
    public static var untouchedInterface: [UInt8] { Array(SkeletonText.interface.utf8) }

    /// A skeleton for a directory that is empty or doesn't exist.
    public init(directory: String) {
        var path = directory[...]
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        self.directory = String(path)
    }

    /// Makes it.
    ///
    /// - Throws: ``ScaffoldFailure``; nothing is left behind then.
    public func make() async throws(ScaffoldFailure) -> Result {
        guard BranchName.isValid(branch) else { throw ScaffoldFailure("\"\(branch)\" is not the name of a branch") }
        let present = try emptyDirectory()
        let host = publicEndpoint ?? DefaultRouteAddress.find().map(Endpoint.Host.address)
        let text = SkeletonText(
            publicEndpoint: host, repositoryID: UUID().uuidString.lowercased(), branch: branch, hostKey: hostKey,
            admin: admin)
        let files = text.files + Schemas.all().map { (path: "\(SkeletonText.schemas)/\($0.fileName)", text: $0.json) }
        let building = try makeBuildingPlace()
        do throws(ScaffoldFailure) {
            for file in files { try write(file.text, to: file.path, in: building) }
            let commit = git.program == nil ? nil : try await makeRepository(in: building)
            var notes = text.notes
            if commit == nil {
                notes.append("git is not installed: \(directory) is a plain directory, without history and rollback")
            }
            try await handOver(building, replacing: present)
            if commit != nil, owner != nil { try await trustDirectory() }
            return Result(files: files.map(\.path).sorted(), commit: commit, publicEndpoint: host, notes: notes)
        } catch {
            try? FileManager.default.removeItem(atPath: building)
            throw error
        }
    }

    /// The attributes of the directory if it exists; it must be empty then.
    private func emptyDirectory() throws(ScaffoldFailure) -> stat? {
        do {
            guard let status = try OpenFile.status(of: directory) else { return nil }
            guard status.isDirectory else { throw ScaffoldFailure("\(directory) is a file: choose another directory") }
            let names = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            if names.isEmpty { return status }
            if names.contains(".git") {
                throw ScaffoldFailure(
                    "\(directory) is a git repository already: look at it with"
                        + " `wirebuddy validate --config \(directory)`, or choose another directory")
            }
            let some = names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
            throw ScaffoldFailure("\(directory) is not empty (\(some)): choose another directory")
        } catch let failure as ScaffoldFailure {
            throw failure
        } catch let failure as FileFailure {
            throw ScaffoldFailure("\(directory) can't be read: \(failure.reason)")
        } catch {
            throw ScaffoldFailure("\(directory) can't be read: \(error)")
        }
    }

    /// A new directory beside the final one, so that moving it there is one step.
    private func makeBuildingPlace() throws(ScaffoldFailure) -> String {
        let parent = directory.lastIndex(of: "/").map { String(directory[..<$0]) } ?? "."
        let place = "\(parent)/.wirebuddy-init-\(UUID().uuidString.lowercased())"
        do {
            let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
            try FileManager.default.createDirectory(
                atPath: place, withIntermediateDirectories: true, attributes: attributes)
        } catch {
            throw ScaffoldFailure("\(directory) can't be made: \(reason(of: error))")
        }
        return place
    }

    private func write(_ text: String, to path: String, in place: String) throws(ScaffoldFailure) {
        let file = "\(place)/\(path)"
        do {
            if let slash = file.lastIndex(of: "/") {
                try FileManager.default.createDirectory(
                    atPath: String(file[..<slash]), withIntermediateDirectories: true)
            }
            try Data(text.utf8).write(to: URL(filePath: file))
        } catch {
            throw ScaffoldFailure("\(directory)/\(path) can't be written: \(reason(of: error))")
        }
    }

    private func makeRepository(in place: String) async throws(ScaffoldFailure) -> String {
        do {
            _ = try await git.run(["init", "-q", "-b", branch], in: place)
            // A push to the checked-out branch updates the files too, as long as nobody edits them there.
            _ = try await git.run(["config", "receive.denyCurrentBranch", "updateInstead"], in: place)
            _ = try await git.run(["add", "-A"], in: place)
            let message = "Begin the configuration of the gateway"
            _ = try await git.run(try await identity(in: place) + ["commit", "-q", "-m", message], in: place)
            let head = try await git.run(["rev-parse", "HEAD"], in: place)
            return String(decoding: head.filter { $0 > 0x20 }, as: UTF8.self)
        } catch {
            throw ScaffoldFailure(error.description.replacing(place, with: directory))
        }
    }

    /// The options that name an author, where git doesn't know one itself.
    private func identity(in place: String) async throws(GitFailure) -> [String] {
        var author = author
        if author == nil {
            let name = try await git.run(["config", "--get", "user.email"], in: place, accepted: [0, 1])
            if name.isEmpty { author = Author(name: "WireBuddy", email: "wirebuddy@localhost") }
        }
        let signing = ["-c", "commit.gpgSign=false"]
        guard let author else { return signing }
        return signing + ["-c", "user.name=\(author.name)", "-c", "user.email=\(author.email)"]
    }

    private func handOver(_ place: String, replacing present: stat?) async throws(ScaffoldFailure) {
        if let present { _ = unsafe chmod(place, present.st_mode & 0o7777) }
        if let owner { try await OwnerChange.apply(owner, to: place) }
        guard unsafe rename(place, directory) == 0 else {
            throw ScaffoldFailure("\(directory) can't be made: \(FileFailure.last.reason)")
        }
    }

    private func trustDirectory() async throws(ScaffoldFailure) {
        do {
            let scope = "--\(trust.rawValue)"
            let known = try await git.run(
                ["config", scope, "--get-all", "safe.directory"], in: "/", accepted: [0, 1])
            // git compares the path it works in, whatever it was called with.
            let path = OpenFile.realPath(directory) ?? directory
            let isKnown = known.split(separator: UInt8(ascii: "\n")).contains { $0.elementsEqual(path.utf8) }
            if !isKnown { _ = try await git.run(["config", scope, "--add", "safe.directory", path], in: "/") }
        } catch {
            throw ScaffoldFailure(
                "\(directory) was made, but git can't be told to trust it: \(error.description)")
        }
    }

    private func reason(of error: any Error) -> String {
        guard let code = (error as? CocoaError)?.underlying as? POSIXError else { return "\(error)" }
        return FileFailure(code: code.code.rawValue).reason
    }
}

/// Why a skeleton can't be made: what, and what to do instead.
public struct ScaffoldFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The message.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
