import Foundation
import Testing

/// Each rule seen failing on a bad sample: a rule that finds nothing anywhere proves nothing.
@Suite struct RulesFailTests {
    func sample(_ text: String, _ path: String = "Sources/Model/Sample.swift") -> SourceFile {
        SourceFile(path: path, text: text)
    }

    @Test(arguments: [
        "import Foundation", "public import Kernel", "@preconcurrency import CLibYAML", "import struct Manifest.Node",
        "\timport Logging",
    ])
    func forbiddenImport(_ line: String) { #expect(Rules.imports(sample("\n" + line + "\n")).count == 1) }

    @Test func unknownTarget() { #expect(Rules.imports(sample("", "Sources/Extra/A.swift")).count == 1) }

    @Test func importInACommentOrString() {
        #expect(Rules.imports(sample("// import Kernel\nlet a = \"\"\"\n    import Kernel\n    \"\"\"\n")) == [])
    }

    @Test(arguments: [
        "let a = b!", "let a = f()!", "a[0]!.b()", "try! f()", "a as! B", "fatalError()", "var a: Int!",
        #"let s = "\(a!)""#, #"let s = "\(a["k"]!)""#, "var a: [Int]!",
    ])
    func trap(_ line: String) { #expect(Rules.traps(sample(line)).count == 1) }

    @Test(arguments: [
        "if !a && b != c { }", "f(!a)", "// really!", "/* a! /* b! */ c! */", #"let a = "try! this!""#, "a!=b", "a!==b",
        ##"let a = #"x! \(y!) "z"! "#"##, "let a = \"\"\"\n    stop!\n    \"\"\"", #"print("it's \(count) times!")"#,
    ])
    func noTrap(_ line: String) { #expect(Rules.traps(sample(line)) == []) }

    @Test(arguments: ["run(input: .array(bytes))", "run(a,\n    input: .string(text), output: .discarded)"])
    func inputOfAProgram(_ code: String) {
        #expect(Rules.programInput(sample("import Subprocess\n" + code)).count == 1)
        #expect(Rules.programInput(sample("import Subprocess\n// " + code.replacing("\n", with: " "))) == [])
    }

    @Test func longFile() {
        #expect(Rules.length(sample(String(repeating: "\n", count: 401))).count == 1)
        #expect(Rules.length(sample(String(repeating: "\n", count: 400))) == [])
    }

    @Test func unfinishedWork() {
        #expect(
            Rules.unfinished(sample("a\n// TO" + "DO: later\n")).first?.hasPrefix("Sources/Model/Sample.swift:2:")
                == true)
    }

    @Test func faultWithoutTest() {
        let files = [
            sample("    @Test func aGood() {}\n@Test func `in words`() {}", "Tests/ModelTests/SomeTests.swift"),
            sample("import os\ndef test_good(x):\n    pass\n", "Tests/IntegrationTests/test_some.py"),
        ]
        let table = FaultTable(
            text: """
                | what breaks | then | tests |
                |---|---|---|
                | a | b | `SomeTests.aGood` `SomeTests.in words` `test_some.test_good` |
                | c | d | none |
                | e | f | `SomeTests.aBad` `test_some.test_goo` `OtherTests.aGood` `aGood` |
                """)
        #expect(table.rows.count == 3)
        #expect(
            table.violations(files) == [
                "c: no test", "e: there is no test SomeTests.aBad", "e: there is no test test_some.test_goo",
                "e: there is no test OtherTests.aGood", "e: there is no test aGood",
            ])
    }

    @Test func modeline() {
        let right = "# yaml-language-server: $schema=../../schemas/peer.schema.json\nkind: Peer\n"
        let schemas: Set = ["schemas/peer.schema.json"]
        #expect(Rules.modeline(sample(right, "examples/a/peer.yaml"), schemas: schemas) == [])
        #expect(Rules.modeline(sample(right, "examples/a/b/peer.yaml"), schemas: schemas).count == 1)
        #expect(Rules.modeline(sample("kind: Peer\n", "examples/a/peer.yaml"), schemas: schemas).count == 1)
    }

    @Test func machinePath() { #expect(Rules.machinePaths(sample("cd /ro" + "ot/x")).count == 1) }

    @Test(arguments: ["Sources/Model/Helpers/A.swift", "Tests/Utils/B.swift", "scripts/misc/c"])
    func emptyFolderName(_ path: String) { #expect(Rules.folders(sample("", path)).count == 1) }

    @Test func forbiddenDependency() throws {
        let graph = try PackageGraph(
            json: Data(
                """
                {"targets": [
                    {"name": "Model", "type": "regular", "dependencies": [{"byName": ["Kernel", null]}]},
                    {"name": "Manifest", "type": "regular", "dependencies": [{"byName": ["CLibYAML", null]}]},
                    {"name": "wirebuddy", "type": "executable", "dependencies": [
                        {"product": ["Logging", "swift-log", null, null]}, {"byName": ["CLibYAML", null]}]},
                    {"name": "Extra", "type": "regular", "dependencies": []}
                ]}
                """.utf8))
        #expect(
            dependencyViolations(graph) == [
                "Model must not depend on Kernel", "wirebuddy must not depend on CLibYAML",
                "target Extra is not in AllowedImports",
                "CLibYAML belongs to one target, not to [\"Manifest\", \"wirebuddy\"]",
            ])
    }

    @Test func missingMakeTarget() {
        let makefile = Makefile(text: ".PHONY: a b\na: b\n\tmake x\nname := 1\nb:\n")
        #expect(makefile.targets == ["a", "b"])
        #expect(makefile.phony == ["a", "b"])
        #expect(Makefile.mentioned(in: "Type `make run`.\n\n    $ sudo make test\nto make sense\n") == ["run", "test"])
        #expect(Makefile.paths(in: "see `Tests/None/x.sh`, scripts/run.") == ["Tests/None/x.sh", "scripts/run"])
    }
}
