import Glibc

/// Where a branch is checked out.
struct Checkout {
    /// Whether it is checked out in the worktree itself.
    let isHere: Bool
    /// Why the branch must not be moved; nil when it may.
    let objection: String?

    /// Looks at the worktrees of a repository.
    init(of branch: String, in directory: String, _ directories: GitDirectories, isBare: Bool) {
        let reference = "refs/heads/\(branch)"
        isHere = !isBare && Self.head(directories.own) == reference
        objection =
            Self.operation(in: directories.own, of: reference, isHere: isHere).map {
                "\($0) of branch \(branch) is under way in \(directory): finish or abort it first"
            }
            ?? Self.others(of: directories, isBare: isBare).first { Self.head($0.gitDirectory) == reference }.map {
                "branch \(branch) is checked out in \($0.worktree), whose files would no longer fit:"
                    + " use that directory with --config, or check out another branch there"
            }
    }

    /// The branch that a HEAD names; nil when it is detached.
    private static func head(_ gitDirectory: String) -> String? {
        guard let line = GitDirectories.firstLine(of: "\(gitDirectory)/HEAD"), line.hasPrefix("ref: ") else {
            return nil
        }
        return String(line.dropFirst(5))
    }

    /// What git was told to do with the branch and has not finished.
    private static func operation(in gitDirectory: String, of reference: String, isHere: Bool) -> String? {
        if isHere {
            for (file, name) in [
                ("MERGE_HEAD", "a merge"), ("CHERRY_PICK_HEAD", "a cherry-pick"), ("REVERT_HEAD", "a revert"),
            ]
            where (try? OpenFile.status(of: "\(gitDirectory)/\(file)")) ?? nil != nil { return name }
        }
        for folder in ["rebase-merge", "rebase-apply"] {
            // A rebase detaches HEAD and moves the branch at its end.
            if isHere && (try? OpenFile.status(of: "\(gitDirectory)/\(folder)")) ?? nil != nil
                || GitDirectories.firstLine(of: "\(gitDirectory)/\(folder)/head-name") == reference
            {
                return "a rebase"
            }
        }
        return nil
    }

    /// The other worktrees of the repository.
    private static func others(
        of directories: GitDirectories, isBare: Bool
    ) -> [(gitDirectory: String, worktree: String)] {
        var found: [(gitDirectory: String, worktree: String)] = []
        if directories.own != directories.common, directories.common.hasSuffix("/.git") {
            found.append((directories.common, String(directories.common.dropLast(5))))
        }
        for name in (try? FolderNames.list("\(directories.common)/worktrees")) ?? [] {
            let folder = "\(directories.common)/worktrees/\(name)"
            guard !isSame(folder, directories.own), let file = GitDirectories.firstLine(of: "\(folder)/gitdir") else {
                continue
            }
            let worktree = file.hasSuffix("/.git") ? String(file.dropLast(5)) : file
            // One whose directory is gone waits to be pruned.
            if (try? OpenFile.status(of: worktree)) ?? nil != nil { found.append((folder, worktree)) }
        }
        return found
    }

    private static func isSame(_ first: String, _ second: String) -> Bool {
        guard let left = try? OpenFile.status(of: first), let right = try? OpenFile.status(of: second) else {
            return false
        }
        return FileIdentity(left) == FileIdentity(right)
    }
}
