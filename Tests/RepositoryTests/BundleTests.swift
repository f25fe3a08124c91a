import Foundation
import Reconciler
import Testing

@testable import Repository

/// The repository as one file.
@Suite struct BundleTests {
    let tree: TestRepository

    init() throws {
        tree = try TestRepository(git: true)
        try tree.writeGateway()
        try tree.commit()
    }

    /// A backup whose head is not the one it names could not be restored.
    @Test func itNamesTheHeadThatIsInItWhoeverCommitsMeanwhile() async throws {
        let tools = "\(tree.root)/bin"
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        let commit = "git -C \(tree.path) -c user.name=T -c user.email=t@example.com commit -q --allow-empty -m more"
        let script = """
            #!/bin/sh
            PATH=/usr/bin:/bin
            case "$*" in *bundle*) \(commit) ;; esac
            git "$@" || exit
            case "$*" in *bundle*) \(commit) ;; esac
            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: "\(tools)/git"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(tools)/git")
        var variables = tree.environment
        variables["PATH"] = "\(tools):/usr/bin:/bin"
        let before = try tree.git("rev-parse", "main")
        let repository = ConfigurationRepository(
            directory: tree.path, digest: ChecksumDigest(), dnsSyntax: PlainDNSSyntax(),
            git: Git(environment: variables))
        let file = "\(tree.root)/config.bundle"
        let bundle = try #require(try await repository.writeBundle(to: file))
        #expect(try tree.git("bundle", "list-heads", file, "refs/heads/main") == "\(bundle.revision) refs/heads/main")
        let after = try tree.git("rev-parse", "main")
        #expect(bundle.revision != before && bundle.revision != after)
        let copy = "\(tree.root)/copy"
        try await bundle.clone(from: file, to: copy, git: Git(environment: tree.environment))
        #expect(try tree.git("rev-parse", "HEAD", in: copy) == bundle.revision)
    }

    @Test func withoutACommitThereIsNone() async throws {
        let empty = try TestRepository(git: true)
        let repository = empty.repository()
        await #expect(throws: RevisionFailure.self) { try await repository.writeBundle(to: "\(empty.root)/x") }
    }
}
