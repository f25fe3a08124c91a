import Manifest
import Model
import Reconciler

/// Reading the head of a branch.
extension ConfigurationRepository {
    func readHead(_ identity: FileIdentity, now: Timestamp) async throws(RevisionFailure) -> HeadState {
        guard BranchName.isValid(branch) else {
            throw .unreadable("\"\(branch)\" is not the name of a branch: correct repository.branch in the host file")
        }
        // A git that was replaced, killed or repacked under us is asked once more from the start.
        if let reader, reader.identity == identity {
            if let state = try? await readHead(reader.objects, now: now) { return state }
        }
        reader = nil
        do {
            let objects = try GitObjectReader(git, directory: directory)
            let state = try await readHead(objects, now: now)
            reader = OpenReader(identity: identity, objects: objects)
            return state
        } catch {
            throw .unreadable(error.description)
        }
    }

    private func readHead(_ objects: GitObjectReader, now: Timestamp) async throws(GitFailure) -> HeadState {
        guard let commit = try objects.object(Array("refs/heads/\(branch)^{commit}".utf8)) else {
            throw await missingBranch()
        }
        let fault = await signatureFault(of: commit)
        if let head, head.commit == commit.name, head.fault == fault { return head }
        guard let tree = Self.tree(ofCommit: commit.content) else {
            throw GitFailure(
                "commit \(commit.name) of \(directory) names no tree: run `git -C \(directory) fsck --full`")
        }
        let loaded: LoadedRevision
        if let head, head.tree == tree {
            loaded = head.loaded.renamed(commit.name.description)
        } else if let ownHead, ownHead.commit == commit.name {
            loaded = ownHead.loaded
        } else {
            ownHead = nil
            loaded = try await load(commit.name, tree, from: objects, now: now)
        }
        var outcome = loaded.outcome()
        if let fault {
            let problem = "commit \(commit.name): error[signature]: \(fault)"
            outcome = .failure(.invalid(revision: commit.name.description, problems: [problem]))
        }
        let state = HeadState(commit: commit.name, tree: tree, fault: fault, loaded: loaded, outcome: outcome)
        head = state
        return state
    }

    /// Why the head is not one of an allowed signer, asked anew when the head or the file of signers is another one.
    private func signatureFault(of commit: GitObjectReader.Object) async -> String? {
        guard let signatures else { return nil }
        let stamp = (try? OpenFile.status(of: signatures.signers)).flatMap(\.self).map(FileStamp.init)
        if let verdict, verdict.commit == commit.name, verdict.signers == stamp { return verdict.fault }
        do {
            let fault = try await signatures.fault(
                of: commit.name, content: commit.content, git: git, directory: directory)
            verdict = SignatureVerdict(commit: commit.name, signers: stamp, fault: fault)
            return fault
        } catch {
            return "its signature can't be checked: \(error)"
        }
    }

    func load(
        _ commit: ObjectName, _ tree: ObjectName, from objects: GitObjectReader, now: Timestamp
    ) async throws(GitFailure) -> LoadedRevision {
        var walk = TreeWalk(objects: objects, known: folders, directory: directory)
        try walk.visit(tree, path: [], depth: 0)
        folders = walk.visited
        let listing = walk.listing
        let directory = directory
        try await committed.update(to: listing.entries) { part throws(GitFailure) in
            try Self.blobs(of: part, from: objects, directory: directory)
        }
        let result = Manifest.assemble(
            committed.parsed(listing.entries), now: now, completion: completion, claims: committed.claims)
        self.listing = listing
        listedTree = tree
        return LoadedRevision(
            id: commit.description, origin: origin, result: result, refused: listing.refused)
    }

    /// The commit at the head of the branch; nil in a plain directory, and where git can't tell.
    public func headID() async -> String? {
        // A read that is under way has answers of the same git to come.
        await turns.take()
        defer { turns.give() }
        guard let reader, let commit = try? reader.objects.object(Array("refs/heads/\(branch)^{commit}".utf8)) else {
            return nil
        }
        return commit.name.description
    }

    /// What kind of place it is, for people.
    nonisolated var origin: String { "git branch \(branch)" }

    private static func blobs(
        of entries: ArraySlice<TreeEntry>, from objects: GitObjectReader, directory: String
    ) throws(GitFailure) -> [ParsedTree.Content] {
        let names = entries.compactMap { entry in
            if case .blob(let name) = entry.content { name } else { nil }
        }
        let answers = try objects.objects(names)
        var contents: [ParsedTree.Content] = []
        contents.reserveCapacity(entries.count)
        for (entry, blob) in zip(entries, answers) {
            guard let blob, blob.type == "blob" else {
                let path = String(decoding: entry.path, as: UTF8.self)
                throw GitFailure(
                    "\(directory) is damaged: the content of \(path) is missing:"
                        + " run `git -C \(directory) fsck --full`, and fetch or restore what it names")
            }
            contents.append(ParsedTree.Content(entry: entry, bytes: blob.content))
        }
        return contents
    }

    /// `tree <name>\n` is the first line of a commit.
    static func tree(ofCommit content: [UInt8]) -> ObjectName? {
        let prefix = Array("tree ".utf8)
        guard content.starts(with: prefix), let end = content.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        return ObjectName(hexadecimal: content[prefix.count..<end])
    }

    private func missingBranch() async -> GitFailure {
        do {
            let output = try await git.run(["for-each-ref", "--format=%(refname)", "refs/heads/"], in: directory)
            let branches = String(decoding: output, as: UTF8.self).split(separator: "\n").map {
                $0.dropFirst("refs/heads/".utf8.count)
            }
            guard !branches.isEmpty else {
                return GitFailure(
                    "\(directory) has no commit yet: commit the configuration,"
                        + " `git -C \(directory) add -A && git -C \(directory) commit -m \"begin\"`")
            }
            let others = branches.prefix(5).joined(separator: ", ") + (branches.count > 5 ? ", …" : "")
            return GitFailure(
                "\(directory) has no branch \(branch), but \(others): set repository.branch in the host file,"
                    + " or create it with `git -C \(directory) branch \(branch)`")
        } catch {
            return error
        }
    }
}
