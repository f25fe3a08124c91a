public import Reconciler

/// The configuration repository as one file: a git bundle, and what is not in it.
public struct RepositoryBundle: Sendable {
    /// A remote that git knows.
    public struct Remote: Sendable {
        /// Its name.
        public let name: String
        /// Its URL, which may hold a password.
        public let url: String

        /// A remote.
        public init(name: String, url: String) {
            self.name = name
            self.url = url
        }
    }

    /// The branch whose head is the desired state.
    public let branch: String
    /// Its head.
    public let revision: String
    /// Whether the repository has no worktree.
    public let isBare: Bool
    /// The remotes that git knows.
    public let remotes: [Remote]

    /// A description of a bundle.
    public init(branch: String, revision: String, isBare: Bool, remotes: [Remote]) {
        self.branch = branch
        self.revision = revision
        self.isBare = isBare
        self.remotes = remotes
    }

    /// Makes a repository of a bundle, with its branches, tags and remotes, and the branch as its head.
    ///
    /// - Parameters:
    ///   - path: The bundle; absolute.
    ///   - directory: The repository; absolute, and not there yet.
    /// - Throws: ``RevisionFailure``; what was made by then is in the directory.
    public func clone(from path: String, to directory: String, git: Git = Git()) async throws(RevisionFailure) {
        do throws(GitFailure) {
            let kind = isBare ? ["--bare"] : ["--no-checkout"]
            _ = try await git.run(
                ["clone", "--quiet", "--template="] + kind + ["--branch", branch, "--", path, directory], in: "/")
            // All other branches, which a clone would only know as those of its remote.
            _ = try await git.run(
                [
                    "fetch", "--quiet", "--update-head-ok", "--tags", path, "+refs/heads/*:refs/heads/*",
                    "+refs/wirebuddy/*:refs/wirebuddy/*",
                ], in: directory)
            _ = try await git.run(["remote", "remove", "origin"], in: directory)
            for remote in remotes {
                _ = try await git.run(["remote", "add", "--", remote.name, remote.url], in: directory)
            }
            let head = try await git.run(["rev-parse", "refs/heads/\(branch)"], in: directory)
            guard String(decoding: head, as: UTF8.self).hasPrefix(revision) else {
                throw GitFailure("the head of \(branch) in \(path) is not \(revision)")
            }
            if !isBare { _ = try await git.run(["reset", "--quiet", "--hard"], in: directory) }
        } catch {
            throw .unreadable(error.description)
        }
    }
}

extension ConfigurationRepository {
    /// Writes everything that git has of the repository into a file; nil, and no file, for a plain directory.
    ///
    /// - Throws: ``RevisionFailure``, also when the branch has no commit.
    public nonisolated func writeBundle(to path: String) async throws(RevisionFailure) -> RepositoryBundle? {
        let place: Place?
        do throws(FileFailure) {
            place = try Place.find(directory)
        } catch {
            throw .unreadable("\(directory) can't be read: \(error.reason)")
        }
        let isBare: Bool
        switch place {
        case .worktree: isBare = false
        case .bare: isBare = true
        case .directory, nil: return nil
        }
        do throws(GitFailure) {
            let reference = "refs/heads/\(branch)"
            _ = try await git.run(["rev-parse", "--verify", "\(reference)^{commit}"], in: directory)
            // What a rollback restores may be on no branch any more.
            let kept = try await line(["for-each-ref", "--format=%(refname)", Self.confirmedReference])
            _ = try await git.run(
                ["bundle", "create", "--quiet", path, "HEAD", "--branches", "--tags"] + (kept.isEmpty ? [] : [kept]),
                in: directory)
            // Not what the branch was before or is after: others may commit meanwhile.
            let heads = try await line(["bundle", "list-heads", path, reference])
            let head = String(heads.prefix { $0 != " " })
            var remotes: [RepositoryBundle.Remote] = []
            for name in await remoteNames() {
                let url = try await line(["config", "--get", "remote.\(name).url"])
                remotes.append(RepositoryBundle.Remote(name: name, url: url))
            }
            return RepositoryBundle(branch: branch, revision: head, isBare: isBare, remotes: remotes)
        } catch {
            throw .unreadable(error.description)
        }
    }

    private nonisolated func line(_ arguments: [String]) async throws(GitFailure) -> String {
        let output = try await git.run(arguments, in: directory)
        return String(String(decoding: output, as: UTF8.self).prefix { $0 != "\n" })
    }
}
