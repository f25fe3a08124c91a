import FoundationEssentials
import Glibc
import Subprocess

extension SignatureCheck {
    /// Why a commit is not one of an allowed signer; nil when it is.
    ///
    /// Only this commit is checked: its signature covers its tree and, by their names, all commits before it.
    ///
    /// - Parameter content: The commit object.
    /// - Throws: when it can't be checked at the moment.
    func fault(
        of commit: ObjectName, content: [UInt8], git: Git, directory: String
    ) async throws(GitFailure) -> String? {
        guard !signers.isEmpty else {
            return "repository.verify is \(format.rawValue), but repository.allowed_signers is not set in the host file"
        }
        switch CommitSignature.format(ofCommit: content) {
        case nil: return "it is not signed: sign it with `git commit -S`, as repository.verify demands"
        case let found where found != format:
            return "its signature is of another kind than repository.verify demands (\(format.rawValue))"
        default: break
        }
        guard unsafe access(signers, R_OK) == 0 else {
            return "repository.allowed_signers \(signers) can't be read: \(FileFailure.last.reason)"
        }
        switch format {
        case .ssh: return try await sshFault(of: commit, git, directory)
        case .gpg: return try await gpgFault(of: commit, git, directory)
        }
    }

    /// These programs ask nobody; on a busy host they may take their time.
    private static let patience: Duration = .seconds(300)

    private func sshFault(of commit: ObjectName, _ git: Git, _ directory: String) async throws(GitFailure) -> String? {
        let options = [
            "-c", "gpg.ssh.allowedSignersFile=\(signers)", "-c", "gpg.ssh.program=ssh-keygen",
        ]
        let finished = try await git.run(
            options + ["verify-commit", "--raw", commit.description], in: directory, within: Self.patience)
        let said = String(decoding: finished.errors, as: UTF8.self)
        // "Good … with" (instead of "for somebody") is a signature by a key that nobody allowed.
        if finished.status == 0, said.hasPrefix("Good \"git\" signature for ") { return nil }
        return Self.fault(said, unknown: "No principal matched", signers)
    }

    private func gpgFault(of commit: ObjectName, _ git: Git, _ directory: String) async throws(GitFailure) -> String? {
        // A keyring of its own: who else root trusts does not matter here.
        guard let home = TemporaryDirectory() else {
            throw GitFailure("no temporary directory can be made for gpg: \(FileFailure.last.reason)")
        }
        var variables = git.variables(for: directory)
        variables["GNUPGHOME"] = home.path
        let imported: BoundedProcess.Finished?
        do {
            imported = try await BoundedProcess.run(
                "gpg", ["--batch", "--no-autostart", "--quiet", "--import", "--", signers], environment: variables,
                within: Self.patience)
        } catch {
            throw GitFailure("gpg can't be run: \(error)")
        }
        guard imported?.status == 0 else {
            return "repository.allowed_signers \(signers) is not a file of exported public keys"
        }
        let finished = try await git.run(
            ["-c", "gpg.program=gpg", "-c", "gpg.openpgp.program=gpg", "verify-commit", "--raw", commit.description],
            in: directory, within: Self.patience, variables: ["GNUPGHOME": home.path])
        let lines = String(decoding: finished.errors, as: UTF8.self).split(separator: "\n")
        let words = Set(lines.compactMap { $0.split(separator: " ").dropFirst().first })
        if finished.status == 0, words.contains("GOODSIG"), words.contains("VALIDSIG") { return nil }
        if words.contains("EXPKEYSIG") { return "it was signed with a key that has expired" }
        if words.contains("REVKEYSIG") { return "it was signed with a key that was revoked" }
        if words.contains("EXPSIG") { return "its signature has expired" }
        return Self.fault(
            words.contains("NO_PUBKEY") ? "NO_PUBKEY" : "", unknown: "NO_PUBKEY", signers)
    }

    private static func fault(_ said: String, unknown: String, _ signers: String) -> String {
        said.contains(unknown)
            ? "it was signed with a key that \(signers) does not allow" : "its signature is not valid"
    }
}

/// A directory that only its user may enter, and that goes with this value.
private struct TemporaryDirectory: ~Copyable {
    let path: String

    init?() {
        var template = Array("/tmp/wirebuddy-gpg-XXXXXX".utf8CString)
        let isMade = unsafe template.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return false }
            return unsafe mkdtemp(start) != nil
        }
        guard isMade else { return nil }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
