import Credentials
import Foundation
import Model
import Testing

@Suite struct HostSecretsTests {
    let directory: TemporaryDirectory
    let secrets: HostSecrets
    /// A key that must never be seen in an error.
    let canary = KeyPair.generate().privateKey.exposedText()

    init() throws {
        directory = try TemporaryDirectory()
        let canary = canary
        secrets = HostSecrets(
            state: "\(directory.path)/state", directory: "\(directory.path)/secrets",
            allowedNames: ["WG_KEY", "BAD", "GONE"],
            environment: { name in
                switch name {
                case "WG_KEY", "OTHER": Array(canary.utf8)
                case "BAD": Array("\(canary)x".utf8)
                default: nil
                }
            })
    }

    private func failure(_ reference: SecretReference) -> String {
        do {
            _ = try secrets.resolve(reference, context: .sample)
            return "no failure"
        } catch { return error.description }
    }

    @Test(arguments: ["", "\n"]) func readsAFile(ending: String) throws {
        try directory.write("secrets/site/wg0.key", canary + ending)
        let key = try secrets.resolve(.file("site/wg0.key"), context: .sample)
        #expect(key.exposedText() == canary)
    }

    @Test(arguments: ["\n\n", " ", "x", "\r\n", "\0"]) func refusesAnythingMore(ending: String) throws {
        try directory.write("secrets/wg0.key", canary + ending)
        let message = failure(.file("wg0.key"))
        #expect(message.contains("does not hold a key") && !message.contains(canary))
    }

    @Test func refusesHugeAndEmptyFiles() throws {
        try directory.write("secrets/huge", String(repeating: canary, count: 10_000))
        try directory.write("secrets/empty", "")
        #expect(failure(.file("huge")).contains("does not hold a key"))
        #expect(failure(.file("empty")).contains("does not hold a key"))
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o644]) func refusesAFileOpenToOthers(mode: Int) throws {
        let path = try directory.write("secrets/wg0.key", canary, mode: mode)
        let message = failure(.file("wg0.key"))
        #expect(message.contains("mode 0\(String(mode, radix: 8))") && message.contains("`chmod 600 \(path)`"))
    }

    @Test func quotesThePathOfTheCommand() throws {
        let path = try directory.write("secrets/it's mine", canary, mode: 0o644)
        #expect(failure(.file("it's mine")).contains(path.replacing("'", with: "'\\''") + "'`"))
    }

    @Test(arguments: ["../outside", "/etc/passwd", "a/../../outside", "", ".", "a//b", "./a", "a\0b"])
    func refusesNamesThatLeaveTheDirectory(name: String) throws {
        try directory.write("outside", canary)
        #expect(failure(.file(name)).contains("must be a path below"))
    }

    @Test func refusesALinkOutAndFollowsOneInside() throws {
        let outside = try directory.write("outside", canary)
        try directory.write("secrets/data/key", canary)
        let files = FileManager.default
        try files.createSymbolicLink(atPath: "\(directory.path)/secrets/out", withDestinationPath: outside)
        try files.createSymbolicLink(atPath: "\(directory.path)/secrets/up", withDestinationPath: directory.path)
        try files.createSymbolicLink(atPath: "\(directory.path)/secrets/in", withDestinationPath: "data/key")
        #expect(failure(.file("out")).contains("leaves"))
        #expect(failure(.file("up/outside")).contains("leaves"))
        #expect(try secrets.resolve(.file("in"), context: .sample).exposedText() == canary)
    }

    @Test func refusesDirectoriesAndPipesWithoutWaiting() throws {
        try directory.write("secrets/folder/key", canary)
        let made = unsafe mkfifo("\(directory.path)/secrets/pipe", 0o600)
        #expect(made == 0)
        #expect(failure(.file("folder")).contains("not a regular file"))
        #expect(failure(.file("pipe")).contains("not a regular file"))
    }

    @Test func namesAMissingFileAndDirectory() throws {
        #expect(failure(.file("none")).contains("\(directory.path)/secrets can't be read: no such file"))
        try directory.write("secrets/other", canary)
        #expect(failure(.file("none")).contains("\(directory.path)/secrets/none can't be read: no such file"))
    }

    @Test func environmentNeedsPermission() throws {
        #expect(try secrets.resolve(.environment("WG_KEY"), context: .sample).exposedText() == canary)
        #expect(failure(.environment("OTHER")).contains("add OTHER to secrets.env"))
        #expect(failure(.environment("GONE")).contains("not set"))
        let message = failure(.environment("BAD"))
        #expect(message.contains("not a key") && !message.contains(canary))
    }
}
