import Foundation
import Testing

/// The rules on the tree itself.
@Suite struct HouseTests {
    let tree: SourceTree

    init() throws { tree = try SourceTree() }

    @Test func importsFollowTheGraph() {
        #expect(tree.swift(in: "Sources").flatMap(Rules.imports) == [])
    }

    @Test func eachCModuleIsImportedByOneTarget() {
        var importers: [String: Set<String>] = [:]
        for file in tree.swift(in: "Sources") {
            for (_, module) in Rules.importedModules(file) where isCModule(module) {
                importers[module, default: []].insert(file.target ?? file.path)
            }
        }
        #expect(importers.filter { $0.value.count > 1 } == [:])
    }

    @Test func dependenciesFollowTheGraph() throws {
        let graph = try PackageGraph(root: SourceTree.root)
        #expect(graph.targets.contains { $0.name == "wirebuddy" })
        #expect(dependencyViolations(graph) == [])
    }

    @Test func nothingTraps() { #expect(tree.swift(in: "Sources").flatMap(Rules.traps) == []) }

    @Test func inputOfProgramsMayBeLeftUnread() { #expect(tree.swift(in: "Sources").flatMap(Rules.programInput) == []) }

    @Test func filesAreShort() {
        let files = tree.files.filter { $0.path.hasSuffix(".swift") || $0.path.hasSuffix(".py") }
        #expect(files.flatMap(Rules.length) == [])
    }

    @Test func nothingIsUnfinished() { #expect(tree.files.flatMap(Rules.unfinished) == []) }

    @Test func foldersNameConcepts() { #expect(tree.files.flatMap(Rules.folders) == []) }

    @Test func noPathOfAMachine() { #expect(tree.files.flatMap(Rules.machinePaths) == []) }

    @Test func formatRulesAreOn() throws {
        struct Format: Decodable { var rules: [String: Bool] }
        let text = try #require(tree.text(of: ".swift-format"))
        let rules = try JSONDecoder().decode(Format.self, from: Data(text.utf8)).rules
        for rule in [
            "AllPublicDeclarationsHaveDocumentation", "NeverForceUnwrap", "NeverUseForceTry", "OrderedImports",
        ] {
            #expect(rules[rule] == true, "\(rule) is off in .swift-format")
        }
    }

    @Test func modelinesOfExamplesNameASchema() {
        let schemas = Set(tree.files.map(\.path).filter { $0.hasPrefix("schemas/") })
        let examples = tree.files.filter { $0.path.hasPrefix("examples/") && $0.path.hasSuffix(".yaml") }
        #expect(examples.count > 5)
        #expect(examples.flatMap { Rules.modeline($0, schemas: schemas) } == [])
    }

    @Test func faultsAreProvedByTestsThatExist() throws {
        let table = FaultTable(text: try #require(tree.text(of: "docs/faults.md")))
        #expect(table.rows.count > 30)
        #expect(table.violations(tree.files) == [])
    }

    @Test func makefileAndReadmeNameOnlyWhatExists() throws {
        let text = try #require(tree.text(of: "Makefile"))
        let makefile = Makefile(text: text)
        #expect(makefile.targets == makefile.phony)
        for file in tree.files where file.path == "Makefile" || file.path.hasSuffix(".md") {
            #expect(Makefile.mentioned(in: file.text).subtracting(makefile.targets) == [], "in \(file.path)")
            let missing = Makefile.paths(in: file.text).filter { !tree.holds($0) }
            #expect(missing == [], "in \(file.path)")
        }
    }
}

func dependencyViolations(_ graph: PackageGraph) -> [String] {
    var owners: [String: [String]] = [:]
    var found: [String] = []
    for target in graph.targets where target.type != "test" && target.type != "system" {
        guard let allowed = AllowedImports.of(target.name) else {
            found.append("target \(target.name) is not in AllowedImports")
            continue
        }
        for dependency in target.dependencies.map(\.name) {
            if !allowed.contains(dependency) { found.append("\(target.name) must not depend on \(dependency)") }
            if isCModule(dependency) { owners[dependency, default: []].append(target.name) }
        }
    }
    return found
        + owners.filter { $0.value.count > 1 }.map { "\($0.key) belongs to one target, not to \($0.value.sorted())" }
        .sorted()
}

/// The C libraries and the one C++ library, which is reached through a few lines of C.
private func isCModule(_ name: String) -> Bool { name.hasPrefix("CLib") || ["CRE2", "CSocket"].contains(name) }
