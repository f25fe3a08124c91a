import ArgumentParser
import Credentials
import Database
import Gateway
import Manifest
import Model
import Reconciler

/// `wirebuddy export`.
struct ExportCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print everything that is declared in one sorted form, or as files of wg-quick.",
        discussion: """
            Examples:
              wirebuddy export                                       every document as one YAML file, ids filled in
              wirebuddy export --format json | jq '.objects[].name'
              wirebuddy export --format wg-quick --output ./wireguard    the way out: wg0.conf with its keys, 0600

            Sealed values stay sealed in YAML and JSON. Files of wg-quick hold private keys: they are written to \
            --output, and printed only with --show-secrets.
            """)

    /// What is written.
    enum Form: String, ExpressibleByArgument, CaseIterable {
        case yaml
        case json
        case wgQuick = "wg-quick"
    }

    @OptionGroup var host: HostOptions

    @Option(name: .long, help: "What is written.")
    var format = Form.yaml

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Only this interface. Repeatable.", valueName: "interface"))
    var interface: [String] = []

    @Option(name: .long, help: ArgumentHelp("Write files into this directory.", valueName: "dir"))
    var output: String?

    @Flag(name: .long, help: "Print files of wg-quick with their keys.")
    var showSecrets = false

    var global: GlobalOptions { GlobalOptions(host, format: format == .json ? .json : .text) }

    func validate() throws {
        if format == .wgQuick, output == nil, !showSecrets {
            throw ValidationError(
                "Files of wg-quick hold private keys: say where they go with --output, or print them with --show-secrets."
            )
        }
        if format != .wgQuick, showSecrets {
            throw ValidationError("--show-secrets is about wg-quick: in YAML and JSON sealed values stay sealed.")
        }
    }

    func execute(_ console: Console) async throws -> ExitStatus {
        let session = try GatewaySession(global)
        let composition = session.composition
        try composition.require([composition.checks.config(), composition.checks.git()])
        do {
            let snapshot = try await session.store.snapshot()
            let now = composition.clock.now()
            let result = snapshot.tree.result(now: now, completion: .writeBack)
            guard let catalog = result.catalog else {
                throw GatewayFailure.invalidRepository(
                    result.problems.filter { $0.severity == .error }.map { $0.render() })
            }
            for name in interface where !catalog.interfaces.contains(where: { $0.name == name }) {
                throw GatewayFailure.notFound(
                    kind: "Interface", name: name,
                    similar: Manifest.closest(to: name, in: catalog.interfaces.map(\.name)).map { [$0] } ?? [])
            }
            if format == .wgQuick { return try wgQuick(catalog, composition, console) }
            return try await documents(snapshot, session, console)
        } catch let failure as GatewayFailure {
            throw CommandFailure(failure)
        }
    }

    private func documents(
        _ snapshot: ConfigurationSnapshot, _ session: GatewaySession, _ console: Console
    ) async throws -> ExitStatus {
        // Who a peer is may be remembered from before: without a database it is derived.
        let known = try await session.gateway?.database.snapshot().peers ?? [:]
        let export = try CatalogExport(snapshot.tree, only: interface.isEmpty ? nil : Set(interface)) { id in
            known[id]?.id
        }
        let bytes = format == .json ? export.json(revision: snapshot.revision) : export.yaml
        guard let output else {
            Console.write(bytes, to: 1)
            return .success
        }
        let path = "\(output)/wirebuddy.\(format.rawValue)"
        try TextFile.replace(path, with: String(decoding: bytes, as: UTF8.self), mode: 0o600, directoryMode: 0o700)
        console.message("written: \(path)")
        return .success
    }

    private func wgQuick(
        _ catalog: Catalog, _ composition: GatewayComposition, _ console: Console
    ) throws -> ExitStatus {
        let keys = ExportKeys(secrets: composition.secrets, repositoryID: catalog.settings.repositoryID ?? "")
        let now = composition.clock.now()
        for declared in catalog.interfaces where interface.isEmpty || interface.contains(declared.name) {
            let file = WgQuickFile(
                declared, in: catalog, privateKey: try keys.privateKey(of: declared),
                presharedKeys: try keys.presharedKeys(of: catalog.peers.filter { $0.interface == declared.name }),
                now: now)
            for remark in file.remarks { console.message(TerminalText.escaped(remark)) }
            guard let output else {
                Console.write(Array(file.exposedText().utf8), to: 1)
                continue
            }
            let path = "\(output)/\(declared.name).conf"
            try TextFile.replace(path, with: file.exposedText(), mode: 0o600, directoryMode: 0o700)
            console.message("written: \(path)")
        }
        return .success
    }
}
