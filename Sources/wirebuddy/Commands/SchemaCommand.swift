import API
import ArgumentParser
import Glibc
import Manifest
import Model
import Reconciler

/// `wirebuddy schema`.
struct SchemaCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print or write the JSON Schemas of the configuration, and of what commands print.",
        discussion: """
            Examples:
              wirebuddy schema --list             list the schemas
              wirebuddy schema interface          print that of a kind of document
              wirebuddy schema plan               print that of what plan --format json prints
              wirebuddy schema output/interface   the same, where a kind has the name too
              wirebuddy schema --write schemas    write all into a directory, for editors

            An editor uses one by the first line of a file: # yaml-language-server: $schema=<path>
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(name: .long, help: "List the names of all schemas, which is also done without a name.")
    var list = false

    @Flag(name: .long, help: "Write all schemas of the configuration into a directory (default: schemas).")
    var write = false

    @Argument(help: ArgumentHelp("The schema to print, or with --write the directory.", valueName: "name"))
    var name: String?

    func execute(_ console: Console) async throws -> ExitStatus {
        let schemas = Schemas.all()
        if write { return try write(schemas, to: name ?? "schemas", console) }
        let names = schemas.map { String($0.fileName.dropLast(".schema.json".count)) }
        let outputs = OutputSchemas.names
        guard let name, !list else {
            let names = names + outputs.map { "output/\($0)" }
            console.result(
                text: names.joined(separator: "\n") + "\n",
                json: .object([
                    ("document", .string("schemas")), ("names", .array(names.map(JSONValue.string))),
                ]))
            return .success
        }
        // A schema is JSON in every format.
        if let index = names.firstIndex(of: name) {
            Console.write(Array(schemas[index].json.utf8), to: STDOUT_FILENO)
            return .success
        }
        guard let schema = OutputSchemas.schema(name.hasPrefix("output/") ? String(name.dropFirst(7)) : name) else {
            let all = names + outputs.map { names.contains($0) ? "output/\($0)" : $0 }
            throw ValidationError("Unknown schema '\(name)'. The schemas are: \(all.joined(separator: ", ")).")
        }
        Console.write(schema.document(), to: STDOUT_FILENO)
        return .success
    }

    private func write(
        _ schemas: [(fileName: String, json: String)], to directory: String, _ console: Console
    ) throws(CommandFailure) -> ExitStatus {
        var paths: [String] = []
        for (fileName, json) in schemas {
            paths.append("\(directory)/\(fileName)")
            try TextFile.replace("\(directory)/\(fileName)", with: json)
        }
        for (path, bytes) in try generated(around: directory) {
            paths.append(path)
            try TextFile.replace(path, with: bytes)
        }
        console.result(
            text: paths.map { "\($0)\n" }.joined(),
            json: .object([
                ("document", .string("schemas")), ("names", .array(paths.map(JSONValue.string))),
            ]))
        return .success
    }

    /// In a source tree also what is made of the schemas and commands: the OpenAPI document, the sources that hold it, and
    /// the reference pages.
    private func generated(around directory: String) throws(CommandFailure) -> [(path: String, bytes: [UInt8])] {
        guard case .success = SmallFile.read("\(directory)/openapi.yaml") else { return [] }
        let root = directory == "schemas" ? "" : "\(directory)/../"
        do {
            return try SourceFiles.generated { path in
                try SmallFile.read(root + path, limit: 16 << 20).get()
            }.map { (root + $0.path, $0.bytes) }
                + [("\(root)docs/reference/commands.md", Array(CommandReference.page.utf8))]
        } catch {
            throw CommandFailure(.error, "the OpenAPI document can't be made: \(error)")
        }
    }
}
