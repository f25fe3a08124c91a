import Foundation
import Model
import Reconciler
import Testing

@testable import Repository

/// Real keys and signatures: ssh-keygen and gpg.
@Suite("Signatures of the head")
struct SignatureTests {
    let tree: TestRepository
    var folder: String { tree.root }

    init() throws {
        tree = try TestRepository(git: true)
        try tree.writeGateway()
        for name in ["alice", "mallory"] {
            try tree.run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", "\(folder)/\(name)"])
        }
        try allow("alice")
    }

    private func allow(_ names: String...) throws {
        let lines = try names.map { name in
            "\(name)@example.com \(try String(contentsOfFile: "\(folder)/\(name).pub", encoding: .utf8))"
        }
        try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: "\(folder)/signers"))
    }

    @discardableResult
    private func commit(ssh name: String) throws -> String {
        try tree.git("add", "-A")
        try tree.git(
            "-c", "gpg.format=ssh", "-c", "user.signingKey=\(folder)/\(name)", "commit", "-q", "-S", "--allow-empty",
            "-m", "signed by \(name)")
        return try tree.git("rev-parse", "HEAD")
    }

    private func repository(_ format: SignatureCheck.Format = .ssh, _ signers: String = "signers")
        -> ConfigurationRepository
    {
        ConfigurationRepository(
            directory: tree.path, digest: ChecksumDigest(), dnsSyntax: PlainDNSSyntax(),
            git: Git(environment: tree.environment),
            signatures: SignatureCheck(format: format, signers: signers.isEmpty ? "" : "\(folder)/\(signers)"))
    }

    private func fault(_ repository: ConfigurationRepository) async -> String? {
        do {
            _ = try await repository.read(now: TestRepository.now)
            _ = try await repository.load(now: TestRepository.now)
            return nil
        } catch RevisionFailure.invalid(let revision, let problems) {
            // However it is read.
            await #expect(throws: RevisionFailure.self) { try await repository.load(now: TestRepository.now) }
            #expect(problems.count == 1 && problems.first?.hasPrefix("commit \(revision): error[signature]: ") == true)
            return problems.first
        } catch {
            return "\(error)"
        }
    }

    @Test func sshSignaturesOfAllowedSignersCount() async throws {
        try commit(ssh: "alice")
        let repository = repository()
        #expect(await fault(repository) == nil)
        // Another signer's head is refused, and the next good one is taken.
        try commit(ssh: "mallory")
        #expect(await fault(repository)?.contains("does not allow") == true)
        try commit(ssh: "alice")
        #expect(await fault(repository) == nil)
        // Without a signature.
        try tree.commit("unsigned")
        #expect(await fault(repository)?.contains("is not signed") == true)
        // Unsigned commits below a signed head are covered by it.
        try commit(ssh: "alice")
        #expect(await fault(repository) == nil)
    }

    @Test func whoIsTakenOffTheFileNoLongerCounts() async throws {
        try commit(ssh: "alice")
        let repository = repository()
        #expect(await fault(repository) == nil)
        try allow("mallory")
        #expect(await fault(repository)?.contains("does not allow") == true)
        try allow("mallory", "alice")
        #expect(await fault(repository) == nil)
        try FileManager.default.removeItem(atPath: "\(folder)/signers")
        #expect(await fault(repository)?.contains("can't be read") == true)
    }

    @Test func aChangedCommitIsRefused() async throws {
        let head = try commit(ssh: "alice")
        let text = try tree.git("cat-file", "commit", head) + "\n"
        let changed = text.replacing("signed by alice", with: "signed by Alice")
        try Data(changed.utf8).write(to: URL(fileURLWithPath: "\(folder)/commit"))
        let forged = try tree.git("hash-object", "-t", "commit", "-w", "\(folder)/commit")
        try tree.git("update-ref", "refs/heads/main", forged)
        #expect(await fault(repository())?.contains("is not valid") == true)
    }

    @Test func theRepositoryCanNotSayWhoChecks() async throws {
        // Settings of the repository that would accept anything are overridden.
        let program = "\(folder)/yes"
        try Data("#!/bin/sh\necho 'Good \"git\" signature for mallory@example.com with x'\nexit 0\n".utf8)
            .write(to: URL(fileURLWithPath: program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        for key in ["gpg.ssh.program", "gpg.program", "gpg.openpgp.program"] { try tree.git("config", key, program) }
        try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/all"))
        try tree.git("config", "gpg.ssh.allowedSignersFile", "\(folder)/all")
        try tree.git("add", "-A")
        try tree.git(
            "-c", "gpg.ssh.program=ssh-keygen", "-c", "gpg.format=ssh", "-c", "user.signingKey=\(folder)/mallory",
            "commit", "-q", "-S", "-m", "forged")
        #expect(await fault(repository())?.contains("does not allow") == true)
    }

    @Test func gpgSignaturesOfAllowedSignersCount() async throws {
        let gpg = Keyring("\(folder)/gnupg", tree)
        try gpg.make("alice")
        try gpg.make("mallory")
        try gpg.export("alice", to: "\(folder)/keys")
        try gpg.commit("alice")
        let repository = repository(.gpg, "keys")
        #expect(await fault(repository) == nil)
        try gpg.commit("mallory")
        #expect(await fault(repository)?.contains("does not allow") == true)
        try tree.commit("unsigned")
        #expect(await fault(repository)?.contains("is not signed") == true)
        // The other kind does not count, also of an allowed signer.
        try commit(ssh: "alice")
        #expect(await fault(repository)?.contains("another kind") == true)
        try gpg.commit("alice")
        #expect(await fault(repository) == nil)
        #expect(await fault(self.repository(.ssh))?.contains("another kind") == true)
        // A key that was revoked, and a file that holds no keys.
        try gpg.revoke("alice")
        try gpg.export("alice", to: "\(folder)/keys")
        #expect(await fault(repository)?.contains("revoked") == true)
        try Data("no keys".utf8).write(to: URL(fileURLWithPath: "\(folder)/keys"))
        #expect(await fault(repository)?.contains("not a file of exported public keys") == true)
    }

    @Test func withoutSignersNobodyCounts() async throws {
        try commit(ssh: "alice")
        #expect(await fault(repository(.ssh, ""))?.contains("repository.allowed_signers is not set") == true)
        let plain = try TestRepository(git: false)
        try plain.writeGateway()
        let repository = ConfigurationRepository(
            directory: plain.path, digest: ChecksumDigest(), dnsSyntax: PlainDNSSyntax(),
            git: Git(environment: plain.environment),
            signatures: SignatureCheck(format: .ssh, signers: "\(folder)/signers"))
        #expect(await fault(repository)?.contains("nobody can sign") == true)
    }

    @Test func signedHeadsOfARemoteAreFollowedAndNothingIsPushedOrMerged() async throws {
        let remote = try TestRemote()
        let signers = "\(remote.tree.root)/signers"
        try Data("x".utf8).write(to: URL(fileURLWithPath: signers))
        let repository = remote.repository(signatures: SignatureCheck(format: .ssh, signers: signers))
        let head = try remote.pushElsewhere("peers/wg0/peer-2.yaml", Sample.peer(2))
        #expect(await repository.follow()?.state == .inSync)
        #expect(try remote.localHead == head)
        // The branch is followed, but its unsigned head is not used.
        #expect(await fault(repository)?.contains("is not signed") == true)
        try remote.commitHere("peers/wg0/peer-3.yaml", Sample.peer(3))
        try remote.pushElsewhere("peers/wg0/peer-4.yaml", Sample.peer(4))
        #expect(await repository.follow()?.reason.contains("WireBuddy may not write") == true)
    }
}

/// OpenPGP keys of a test.
private struct Keyring {
    let home: String
    let tree: TestRepository

    init(_ home: String, _ tree: TestRepository) {
        self.home = home
        self.tree = tree
    }

    private func gpg(_ arguments: String...) throws {
        try tree.run(
            "gpg",
            ["--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""] + arguments)
    }

    func make(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try gpg("--quick-generate-key", "\(name) <\(name)@example.com>", "ed25519", "sign", "never")
    }

    func export(_ name: String, to file: String) throws {
        try gpg("--yes", "--armor", "--output", file, "--export", "\(name)@example.com")
    }

    /// Revokes with the certificate that gpg made with the key.
    func revoke(_ name: String) throws {
        let listing = try tree.run(
            "gpg", ["--homedir", home, "--batch", "--with-colons", "--list-keys", "\(name)@example.com"])
        let line = try #require(listing.split(separator: "\n").first { $0.hasPrefix("fpr:") })
        let fingerprint = line.split(separator: ":").last.map(String.init) ?? ""
        let file = "\(home)/openpgp-revocs.d/\(fingerprint).rev"
        // Its first line has a colon against use by accident.
        let text = try String(contentsOfFile: file, encoding: .utf8).replacing(":-----BEGIN", with: "-----BEGIN")
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        try gpg("--import", file)
    }

    func commit(_ name: String) throws {
        let program = "\(home)/program"
        try Data("#!/bin/sh\nexec gpg --homedir '\(home)' --batch \"$@\"\n".utf8).write(
            to: URL(fileURLWithPath: program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        try tree.git("add", "-A")
        try tree.git(
            "-c", "gpg.program=\(program)", "-c", "user.signingKey=\(name)@example.com", "commit", "-q", "-S",
            "--allow-empty", "-m", "signed by \(name)")
    }
}
