import Foundation
import Testing

/// The built program, run as people run it: its documents are what their schemas say.
@Suite("Output of the program", .serialized)
struct RealOutputTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    /// Beside the bundle of the tests.
    private static let program = URL(fileURLWithPath: CommandLine.arguments[0])
        .deletingLastPathComponent().appendingPathComponent("wirebuddy").path

    private let checker = SchemaChecker(directory: root.appendingPathComponent("schemas/output"))

    private struct Finished {
        let status: Int32
        let output: Data
    }

    private func run(_ program: String, _ arguments: [String]) throws -> Finished {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Finished(status: process.terminationStatus, output: output)
    }

    private func expectDocument(_ name: String, _ data: Data, sourceLocation: SourceLocation = #_sourceLocation) throws
    {
        let document = try #require(try JSONText.value(of: data) as? [String: Any], sourceLocation: sourceLocation)
        #expect(document["document"] as? String == name, sourceLocation: sourceLocation)
        #expect(try checker.problems(document, file: "\(name).schema.json") == [], sourceLocation: sourceLocation)
    }

    private func withDirectory(_ body: (URL) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("wirebuddy-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try body(directory)
    }

    @Test("commands that need no root")
    func rootless() throws {
        try withDirectory { directory in
            try FileManager.default.copyItem(
                at: Self.root.appendingPathComponent("examples/quickstart"),
                to: directory.appendingPathComponent("config"))
            let options = [
                "--format", "json", "--config", directory.appendingPathComponent("config").path,
                "--state", directory.appendingPathComponent("state").path,
            ]
            for name in ["version", "doctor", "validate"] {
                try expectDocument(name, try run(Self.program, [name] + options).output)
            }
            let new = directory.appendingPathComponent("new").path
            try expectDocument("init", try run(Self.program, ["init", new, "--format", "json"]).output)
            #expect(try run(Self.program, ["validate", "--head", "--config", new]).status == 0)
            try writes(new, state: directory.appendingPathComponent("state").path)
            try transfers(new, in: directory)
            let history = ["--config", new, "--state", "\(new).state", "--format", "json"]
            try expectDocument("log", try run(Self.program, ["log"] + history).output)
            let events = try run(Self.program, ["events", "--kind", "commit"] + history).output
            let lines = events.split(separator: UInt8(ascii: "\n"))
            #expect(lines.count >= 2)
            for line in lines { try expectDocument("event", Data(line)) }
            try expectDocument("rollback", try run(Self.program, ["rollback", "main"] + history).output)
            try expectDocument("error", try run(Self.program, ["rollback", "nothing"] + history).output)
            try expectDocument("schemas", try run(Self.program, ["schema"] + options).output)
            try FileManager.default.createDirectory(
                at: directory.appendingPathComponent("state"), withIntermediateDirectories: true)
            try expectDocument(
                "device-configuration", try run(Self.program, ["peer", "config", "phone"] + options).output)
            try expectDocument("device-qr", try run(Self.program, ["peer", "qr", "wg0/phone"] + options).output)
            try Data("kind: Peer\nnam: x\n".utf8).write(to: directory.appendingPathComponent("config/broken.yaml"))
            let broken = try run(Self.program, ["validate"] + options)
            #expect(broken.status == 10)
            try expectDocument("validate", broken.output)
            let missing = try run(Self.program, ["validate", "--format", "json", "--config", "/nonexistent"])
            #expect(missing.status == 1)
            try expectDocument("error", missing.output)
        }
    }

    @Test("commands of DNS")
    func dns() throws {
        try withDirectory { directory in
            let config = directory.appendingPathComponent("config")
            try FileManager.default.copyItem(at: Self.root.appendingPathComponent("examples/dns-filtering"), to: config)
            let options = [
                "--format", "json", "--config", config.path, "--state", directory.appendingPathComponent("state").path,
            ]
            let table = config.appendingPathComponent("dns/expectations.txt")
            let met = try run(Self.program, ["dns", "test", table.path] + options)
            #expect(met.status == 0, "\(String(decoding: met.output, as: UTF8.self))")
            try expectDocument("dns-test", met.output)
            for question in [["ads.example"], ["nas.home.example", "--type", "AAAA", "--client", "kids-tablet"]] {
                try expectDocument(
                    "dns-explanation", try run(Self.program, ["dns", "explain"] + question + options).output)
            }
            try expectDocument("dns-rules", try run(Self.program, ["dns", "rules"] + options).output)
            try expectDocument("dns-lists", try run(Self.program, ["dns", "lists"] + options).output)

            try Data("ads.example -> allow\n".utf8).write(to: table)
            let unmet = try run(Self.program, ["dns", "test", table.path] + options)
            #expect(unmet.status == 1)
            try expectDocument("dns-test", unmet.output)
            // A pin is what the text must have; this one is that of another text.
            let list = config.appendingPathComponent("dns/lists/ads.yaml")
            let declared = try Data(contentsOf: list)
            try (declared + Data("sha256: \(String(repeating: "0", count: 64))\n".utf8)).write(to: list)
            #expect(try run(Self.program, ["dns", "lists"] + options).status == 10)
            try declared.write(to: list)
            #expect(try run(Self.program, ["dns", "lists"] + options).status == 0)
            try FileManager.default.removeItem(at: config.appendingPathComponent("lists/ads.txt"))
            let missing = try run(Self.program, ["dns", "lists"] + options)
            #expect(missing.status == 10)
            try expectDocument("error", missing.output)
        }
    }

    @Test("commands of access")
    func access() throws {
        let config = Self.root.appendingPathComponent("examples/access-control").path
        try withDirectory { directory in
            let options = ["--config", config, "--state", directory.appendingPathComponent("state").path]
            for (command, name, row) in [
                ("access", "access-list", "contractors"), ("forward", "forward-list", "webhooks"),
            ] {
                let document = try run(Self.program, [command, "list", "--format", "json"] + options)
                #expect(document.status == 0)
                try expectDocument(name, document.output)
                let table = String(decoding: try run(Self.program, [command, "list"] + options).output, as: UTF8.self)
                #expect(table.contains("\n\(row) "), "\(table)")
            }
        }
    }

    @Test("what is decided about connections")
    func accessDecisions() throws {
        try withDirectory { directory in
            let config = directory.appendingPathComponent("config")
            try FileManager.default.copyItem(
                at: Self.root.appendingPathComponent("examples/access-control"), to: config)
            let options = [
                "--format", "json", "--config", config.path, "--state", directory.appendingPathComponent("state").path,
            ]
            let table = config.appendingPathComponent("access.test")
            let met = try run(Self.program, ["access", "test", table.path] + options)
            #expect(met.status == 0, "\(String(decoding: met.output, as: UTF8.self))")
            try expectDocument("access-test", met.output)
            for question in [
                ["bob-laptop", "build-server", "tcp/22"], ["visitor-tablet", "build-server", "icmp"],
                ["203.0.113.9", "gateway", "tcp/8443"], ["carol-laptop", "192.168.50.130", "tcp/554"],
                ["bob-laptop", "gateway", "udp/53"],
            ] {
                let told = try run(Self.program, ["access", "explain"] + question + options)
                #expect(told.status == 0)
                try expectDocument("access-explanation", told.output)
            }
            for (question, status) in [(["nobody", "gateway", "icmp"], 1), (["bob-laptop", "gateway", "80"], 64)] {
                let refused = try run(Self.program, ["access", "explain"] + question + options)
                #expect(Int(refused.status) == status)
                try expectDocument("error", refused.output)
            }

            try Data("bob-laptop build-server tcp/22 -> allow\n".utf8).write(to: table)
            let unmet = try run(Self.program, ["access", "test", table.path] + options)
            #expect(unmet.status == 1)
            try expectDocument("access-test", unmet.output)
            try Data("bob-laptop build-server tcp/22\n".utf8).write(to: table)
            let unread = try run(Self.program, ["access", "test", table.path] + options)
            #expect(unread.status == 1)
            try expectDocument("error", unread.output)
        }
    }

    /// What comes from other programs and goes to them.
    private func transfers(_ config: String, in directory: URL) throws {
        let file = directory.appendingPathComponent("wg7.conf")
        let key = "2/DvlUEOwF2g57z1G8WPDi4WOg3/NqCFN5AmArh9FFQ="
        try Data(
            """
            [Interface]
            Address = 10.70.0.1/24
            ListenPort = 51870
            PostUp = /etc/wireguard/up.sh
            [Peer]
            # Name = branch
            PublicKey = \(key)
            AllowedIPs = 10.70.0.2/32
            """.utf8
        ).write(to: file)
        let options = [
            "--format", "json", "--config", config, "--state", directory.appendingPathComponent("state").path,
        ]
        try expectDocument("import", try run(Self.program, ["import", file.path, "--dry-run"] + options).output)
        try expectDocument("import", try run(Self.program, ["import", file.path] + options).output)
        try expectDocument("error", try run(Self.program, ["import", file.path] + options).output)
        try expectDocument("export", try run(Self.program, ["export", "--interface", "wg7"] + options).output)
    }

    /// Every command that changes the repository, on one that `init` made, whose gateway was never applied.
    private func writes(_ config: String, state: String) throws {
        let key = "960toSXizvnsoBcAaowrOJNCy1oRJLWn16QTztWEAlg="
        let options = ["--format", "json", "--config", config, "--state", state, "--no-wait"]
        let commands: [(words: [String], document: String)] = [
            (["peer", "add", "phone", "--public-key", key, "--dry-run"], "dry-run"),
            (["peer", "add", "phone", "--public-key", key], "write"),
            (["peer", "set", "phone", "name=tablet", "labels.team=ops", "routes+=192.168.7.0/24"], "write"),
            (["peer", "disable", "tablet"], "write"), (["peer", "disable", "wg0/tablet"], "write"),
            (["peer", "enable", "tablet"], "write"),
            (["interface", "add", "wg1", "--address", "10.9.0.1/24"], "write"),
            (["interface", "set", "wg1", "mtu=1380"], "write"), (["interface", "stop", "wg1"], "write"),
            (["interface", "start", "wg1"], "write"), (["interface", "remove", "wg1"], "write"),
            (["user", "add", "boss", "--role", "admin", "--no-password"], "write"),
            (["user", "add", "bob", "--email", "bob@example.com", "--dry-run"], "dry-run"),
            (["user", "add", "bob", "--email", "bob@example.com"], "write"),
            (["user", "set", "bob", "full_name=Bob", "--new-password"], "write"),
            (["peer", "set", "tablet", "owner=bob"], "write"),
        ]
        for (words, document) in commands {
            let finished = try run(Self.program, words + options)
            #expect(finished.status == 0, "\(words)")
            try expectDocument(document, finished.output)
        }
        let readers = [
            "peers": ["peer", "list"], "peer": ["peer", "show", "tablet"], "interfaces": ["interface", "list"],
            "interface": ["interface", "show", "wg0"], "users": ["user", "list"],
        ]
        for (document, words) in readers {
            try expectDocument(document, try run(Self.program, words + options.dropLast()).output)
        }
        try expectDocument("write", try run(Self.program, ["user", "remove", "bob"] + options).output)
        try expectDocument("write", try run(Self.program, ["peer", "remove", "tablet"] + options).output)
        for (words, status) in [
            (["user", "remove", "bob"], 1), (["user", "add", "BOSS"], 12), (["user", "add", "b b"], 10),
            (["peer", "remove", "tablet"], 1), (["peer", "add", "10.8.0.9", "--public-key", key], 10),
        ] {
            let refused = try run(Self.program, words + options)
            #expect(refused.status == Int32(status))
            #expect(String(decoding: refused.output, as: UTF8.self).contains("nothing was changed"))
            try expectDocument("error", refused.output)
        }
    }

    /// In a network and mount namespace that ends with the script, so that nothing of it stays on the host.
    @Test(
        "commands that change the host",
        .enabled(
            if: geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/wireguard-go"),
            "needs root and wireguard-go: NOT RUN"))
    func gateway() throws {
        try withDirectory { directory in
            try FileManager.default.copyItem(
                at: Self.root.appendingPathComponent("examples/quickstart"),
                to: directory.appendingPathComponent("config"))
            let key = "960toSXizvnsoBcAaowrOJNCy1oRJLWn16QTztWEAlg="
            let commands: [(document: String, words: String, status: Int32)] = [
                ("plan", "plan", 2), ("apply", "apply", 0), ("plan", "plan", 0), ("drift", "drift", 0),
                ("status", "status", 0), ("revoke", "revoke \(key)", 0), ("revocations", "revoke --list", 0),
                ("suspension", "suspend --for 1h because", 0), ("suspension", "resume", 0),
                ("apply", "apply --plan-id 000000000000", 0), ("apply", "down", 0),
            ]
            var script = "mount -t tmpfs tmpfs /run && ip link set lo up && cd \(directory.path)\n"
            for (number, command) in commands.enumerated() {
                script +=
                    "\(Self.program) \(command.words) --format json --config config --state state >\(number).json\n"
                script += "echo $? >\(number).status\n"
            }
            _ = try run("/usr/bin/unshare", ["--net", "--mount", "--kill-child", "sh", "-c", script])
            let secret = try String(contentsOf: directory.appendingPathComponent("state/keys/wg0"), encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(secret.utf8.count == 44)
            for (number, command) in commands.enumerated() {
                let status = try String(
                    contentsOf: directory.appendingPathComponent("\(number).status"), encoding: .utf8)
                // A plan id that was never shown is stale, unless there is nothing to do.
                #expect(
                    status == "\(command.words.hasPrefix("apply --plan-id") ? 12 : command.status)\n",
                    "\(command.words)")
                let output = try Data(contentsOf: directory.appendingPathComponent("\(number).json"))
                #expect(!String(decoding: output, as: UTF8.self).contains(secret))
                try expectDocument(command.document, output)
            }
        }
    }
}
