import Foundation
import Model
import Reconciler
import Testing

@testable import Repository

@Suite struct ScaffoldTests {
    let tree: TestRepository
    let path: String

    init() throws {
        tree = try TestRepository(git: false)
        path = "\(tree.root)/etc/wirebuddy"
    }

    private func scaffold(_ directory: String? = nil, path variables: String? = nil) -> Scaffold {
        var scaffold = Scaffold(directory: directory ?? path)
        var environment = tree.environment
        if let variables { environment["PATH"] = variables }
        scaffold.git = Git(environment: environment)
        scaffold.publicEndpoint = .name("vpn.example.com")
        scaffold.trust = .global
        return scaffold
    }

    private func failure(_ scaffold: Scaffold) async -> String {
        do {
            _ = try await scaffold.make()
            return "no failure"
        } catch { return error.description }
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }

    @Test func theSkeletonIsAValidRepository() async throws {
        let result = try await scaffold("\(path)//").make()
        let revision = try await tree.repository(path).read(now: TestRepository.now)
        #expect(revision.id == result.commit && revision.warnings == [])
        #expect(revision.catalog.interfaces.map(\.name) == ["wg0"] && revision.catalog.peers == [])
        #expect(revision.catalog.settings.publicEndpoint == .name("vpn.example.com"))
        #expect(revision.catalog.settings.repositoryID?.utf8.count == 36)
        #expect(try tree.git("status", "--porcelain", in: path) == "")
        #expect(try tree.git("log", "--format=%an <%ae>", in: path) == "WireBuddy <wirebuddy@localhost>")
        #expect(try tree.git("config", "receive.denyCurrentBranch", in: path) == "updateInstead")
        #expect(try tree.git("ls-files", in: path).split(separator: "\n").map(String.init) == result.files)
        #expect(result.files.contains(".schemas/peer.schema.json") && result.notes == [])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(tree.root)/etc") == ["wirebuddy"])
    }

    /// The example becomes a peer as its comment says, and modelines name schemas that are there.
    @Test func theExamplePeerAndTheSchemasAreRight() async throws {
        _ = try await scaffold().make()
        let example = try text("peers/wg0/laptop.yaml.example")
        let key = PublicKey(words: (1, 2, 3, 4 << 8)).description
        try Data(example.replacing("<the line that wg pubkey prints>", with: key).utf8).write(
            to: URL(fileURLWithPath: "\(path)/peers/wg0/laptop.yaml"))
        let preview = try await tree.repository(path).readWorktree(now: TestRepository.now)
        #expect(preview.catalog.peers.map(\.name) == ["laptop"] && preview.warnings == [])
        for name in ["settings.yaml", "interfaces/wg0.yaml", "peers/wg0/laptop.yaml.example"] {
            let line = try #require(try text(name).split(separator: "\n").first)
            let schema = try #require(line.split(separator: "$schema=").last)
            let folder = URL(fileURLWithPath: "\(path)/\(name)").deletingLastPathComponent().path
            #expect(FileManager.default.fileExists(atPath: "\(folder)/\(schema)"), "\(name)")
        }
    }

    @Test func aPushUpdatesTheFiles() async throws {
        _ = try await scaffold().make()
        let clone = "\(tree.root)/clone"
        try tree.git("clone", "-q", path, clone)
        try Data(Sample.peer(3).utf8).write(to: URL(fileURLWithPath: "\(clone)/peers/wg0/new.yaml"))
        try tree.git("add", "-A", in: clone)
        try tree.git("commit", "-q", "-m", "new", in: clone)
        try tree.git("push", "-q", in: clone)
        #expect(FileManager.default.fileExists(atPath: "\(path)/peers/wg0/new.yaml"))
        #expect(try await tree.repository(path).read(now: TestRepository.now).catalog.peers.count == 1)
    }

    @Test func aPrivateAddressIsWarnedAbout() async throws {
        var scaffold = scaffold()
        scaffold.publicEndpoint = IPAddress("192.168.1.10").map(Endpoint.Host.address)
        let result = try await scaffold.make()
        #expect(result.notes.count == 1 && result.notes[0].contains("192.168.1.10 is a private address"))
        #expect(try text("settings.yaml").contains("# WARNING: this is a private address"))
        #expect(try await tree.repository(path).read(now: TestRepository.now).warnings == [])
    }

    @Test(arguments: ["203.0.113.7", "2001:db8::7"]) func aPublicAddressIsWritten(text: String) async throws {
        var scaffold = scaffold()
        let address = try #require(IPAddress(text))
        scaffold.publicEndpoint = .address(address)
        #expect(try await scaffold.make().notes == [])
        let catalog = try await tree.repository(path).read(now: TestRepository.now).catalog
        #expect(catalog.settings.publicEndpoint == .address(address))
    }

    @Test(arguments: [
        ("10.1.2.3", true), ("172.16.0.1", true), ("172.32.0.1", false), ("100.64.0.1", true), ("8.8.8.8", false),
        ("fd42::1", true), ("fe80::1", true), ("2001:db8::1", false),
    ])
    func whatIsPrivate(text: String, expected: Bool) throws {
        #expect(DefaultRouteAddress.isPrivate(try #require(IPAddress(text))) == expected)
    }

    @Test func withoutARouteTheLineIsAComment() throws {
        let text = SkeletonText(publicEndpoint: nil, repositoryID: "x", branch: "main", hostKey: nil, admin: nil)
        #expect(text.files[0].text.contains("\n# public_endpoint: vpn.example.com\n") && text.notes.count == 1)
    }

    @Test func aDirectoryThatIsInUseIsRefused() async throws {
        try tree.write("a.yaml", Sample.interface)
        #expect(await failure(scaffold(tree.path)).contains("is not empty (a.yaml)"))
        _ = try await scaffold().make()
        let before = try tree.git("rev-parse", "HEAD", in: path)
        #expect(await failure(scaffold()).contains("is a git repository already"))
        #expect(await failure(scaffold()).contains("is a git repository already"))
        #expect(try tree.git("rev-parse", "HEAD", in: path) == before)
        try Data().write(to: URL(fileURLWithPath: "\(tree.root)/file"))
        #expect(await failure(scaffold("\(tree.root)/file")).contains("is a file"))
        #expect(await failure(scaffold("\(tree.root)/file/below")).contains("not a directory"))
    }

    @Test func anEmptyDirectoryKeepsItsMode() async throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
        _ = try await scaffold().make()
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o750)
    }

    @Test func withoutGitItIsAPlainDirectory() async throws {
        let result = try await scaffold(path: tree.root).make()
        #expect(result.commit == nil && result.notes.contains { $0.contains("git is not installed") })
        #expect(try await tree.repository(path).read(now: TestRepository.now).origin == "plain directory")
    }

    @Test func aFailureLeavesNothing() async throws {
        let tools = "\(tree.root)/bin"
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        try Data("#!/bin/sh\necho 'fatal: no space left' >&2\nexit 128\n".utf8).write(
            to: URL(fileURLWithPath: "\(tools)/git"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(tools)/git")
        let message = await failure(scaffold(path: "\(tools):/usr/bin:/bin"))
        #expect(message.contains("no space left") && !message.contains("wirebuddy-init"), "\(message)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(tree.root)/etc") == [])
        // The next attempt works.
        _ = try await scaffold().make()
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to give files away"))
    func theFilesBelongToWhoAskedBySudo() async throws {
        var scaffold = scaffold()
        scaffold.owner = Scaffold.Owner(user: 65_534, group: 65_534)
        let result = try await scaffold.make()
        for name in ["", "/settings.yaml", "/.git/HEAD"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path + name)
            #expect(attributes[.ownerAccountID] as? Int == 65_534)
        }
        // The daemon, which is root, is trusted with it; and is told so only once.
        #expect(try await tree.repository(path).read(now: TestRepository.now).id == result.commit)
        try FileManager.default.removeItem(atPath: path)
        _ = try await scaffold.make()
        #expect(try tree.git("config", "--global", "--get-all", "safe.directory", in: tree.root) == path)
    }
}
