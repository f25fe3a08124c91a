import ArgumentParser
import Glibc
import Manifest
import Model
import Reconciler

/// `wirebuddy schema`.
struct SchemaCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print or write the JSON Schemas of the configuration.",
        discussion: """
            Examples:
              wirebuddy schema                    list the schemas
              wirebuddy schema interface          print one
              wirebuddy schema --write schemas    write all into a directory, for editors

            An editor uses one by the first line of a file: # yaml-language-server: $schema=<path>
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(name: .long, help: "Write all schemas into a directory (default: schemas).")
    var write = false

    @Argument(help: ArgumentHelp("The schema to print, or with --write the directory.", valueName: "name"))
    var name: String?

    func execute(_ console: Console) async throws -> ExitStatus {
        let schemas = Schemas.all()
        if write { return try write(schemas, to: name ?? "schemas", console) }
        let names = schemas.map { String($0.fileName.dropLast(".schema.json".count)) }
        guard let name else {
            console.result(
                text: names.joined(separator: "\n") + "\n",
                json: .object([
                    ("document", .string("schemas")), ("names", .array(names.map(JSONValue.string))),
                ]))
            return .success
        }
        guard let index = names.firstIndex(of: name) else {
            throw ValidationError("Unknown schema '\(name)'. The schemas are: \(names.joined(separator: ", ")).")
        }
        // A schema is JSON in every format.
        Console.write(Array(schemas[index].json.utf8), to: STDOUT_FILENO)
        return .success
    }

    private func write(
        _ schemas: [(fileName: String, json: String)], to directory: String, _ console: Console
    ) throws(CommandFailure) -> ExitStatus {
        for (fileName, json) in schemas { try TextFile.replace("\(directory)/\(fileName)", with: json) }
        console.result(
            text: schemas.map { "\(directory)/\($0.fileName)\n" }.joined(),
            json: .object([
                ("document", .string("schemas")),
                ("names", .array(schemas.map { .string("\(directory)/\($0.fileName)") })),
            ]))
        return .success
    }
}
