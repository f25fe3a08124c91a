import ArgumentParser
import Credentials
import FoundationEssentials
import Gateway
import Manifest
import Model
import Reconciler
import Repository

/// `wirebuddy import`.
struct ImportCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Declare interfaces that run here, or files of wg and wg-quick, in the repository.",
        discussion: """
            Examples:
              wirebuddy import --from kernel wg0              a running interface, which is then taken over
              wirebuddy import /etc/wireguard/wg0.conf        a file of wg-quick
              wirebuddy import /etc/wireguard --dry-run       every *.conf of a directory, only shown
              wg showconf wg0 | wirebuddy import /dev/stdin --name wg0 --address 10.8.0.1/24

            One commit with one file per object; keys are sealed. Nothing that is declared already is overwritten, and \
            nothing on the host is changed: `wirebuddy plan` shows afterwards what would be. Hooks that masquerade, \
            accept, clamp or isolate become fields; all others are listed.
            """)

    /// Where private keys of interfaces go.
    enum KeyPlace: String, ExpressibleByArgument, CaseIterable {
        case sealed
        case host
    }

    @OptionGroup var global: GlobalOptions

    @Option(name: .long, help: ArgumentHelp("kernel, a file or a directory.", valueName: "source"))
    var from: String?

    @Argument(help: ArgumentHelp("Files and directories; after --from kernel: interfaces.", valueName: "source"))
    var sources: [String] = []

    @Option(
        name: .long, help: ArgumentHelp("The interface of a file that is not called like it.", valueName: "interface"))
    var name: String?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("The address of an interface whose file names none. Repeatable.", valueName: "address"))
    var address: [String] = []

    @Option(
        name: .long,
        help: "Where private keys of interfaces go: sealed into the repository, or kept on the host (0600).")
    var keys = KeyPlace.sealed

    @Flag(name: .long, help: "Consent to taking over a running interface of that name; implied by --from kernel.")
    var adopt = false

    @Flag(name: .long, help: "Show what would be declared; change nothing.")
    var dryRun = false

    @Option(name: .long, help: ArgumentHelp("The root of other programs' files.", visibility: .hidden))
    var root = ""

    private var isKernel: Bool { from == "kernel" }

    func validate() throws {
        if from == nil, sources.isEmpty {
            throw ValidationError("Say what to import: --from kernel, a file or a directory.")
        }
        if isKernel, name != nil || !address.isEmpty {
            throw ValidationError("--name and --address are about files; a running interface has both.")
        }
    }

    func execute(_ console: Console) async throws -> ExitStatus {
        let session = try GatewaySession(global)
        let composition = session.composition
        let addresses = try address.map { text in
            guard let address = InterfaceAddress(text) else {
                throw ValidationError("'\(text)' is no address with a prefix length, such as 10.8.0.1/24.")
            }
            return address
        }
        let source = ImportSource(
            composition: composition, name: name, addresses: addresses,
            wireGuardDirectory: "\(root)/etc/wireguard")
        let found =
            isKernel ? try await source.kernel(sources) : try source.files((from.map { [$0] } ?? []) + sources)
        do {
            let snapshot = try await session.store.snapshot()
            let imported = try map(found, snapshot.tree, composition)
            var importing = Importing(imported)
            importing.sealsInterfaceKeys = keys == .sealed
            importing.adopt = Set(found.lazy.filter { $0.isLive || adopt }.map(\.name))
            importing.untouched = Scaffold.untouchedInterface
            return try await write(importing, snapshot, session, console)
        } catch let failure as GatewayFailure {
            throw CommandFailure(failure)
        }
    }

    /// Maps every configuration, so that all problems are told in one run.
    private func map(
        _ found: [ImportSource.Found], _ tree: ManifestTree, _ composition: GatewayComposition
    ) throws(CommandFailure) -> [ImportedInterface] {
        var used = Set(tree.interfaces.map(\.listenPort) + found.compactMap(\.file.interface.listenPort))
        var imported: [ImportedInterface] = []
        var problems: [String] = []
        for entry in found {
            let free = (51820...65535).first { !used.contains($0) } ?? 51820
            do throws(ImportFailure) {
                let interface = try ImportedInterface(entry.file, name: entry.name, freePort: free)
                used.insert(interface.interface.listenPort)
                imported.append(interface)
            } catch {
                problems += error.problems.map(\.description)
            }
        }
        guard problems.isEmpty else {
            throw CommandFailure(.error, "this can't be imported; nothing was changed", details: problems)
        }
        for index in imported.indices { try KeyFiles(composition: composition).read(into: &imported[index]) }
        return imported
    }

    private func write(
        _ importing: Importing, _ snapshot: ConfigurationSnapshot, _ session: GatewaySession, _ console: Console
    ) async throws -> ExitStatus {
        let names = Set(importing.interfaces.map(\.interface.name))
        var report = ImportReport(
            importing: importing, change: try importing.change(of: snapshot.tree, host: session.hostRecipient),
            isDryRun: dryRun,
            definitions: OtherDefinitions(root: root).find(names), global: global)
        if dryRun {
            var tree = snapshot.tree
            tree.apply(report.change)
            let now = session.composition.clock.now()
            let problems = tree.result(now: now, completion: .writeBack).problems.filter { $0.severity == .error }
            guard problems.isEmpty else { throw GatewayFailure.invalidRepository(problems.map { $0.render() }) }
        } else {
            if keys == .host { try keepKeys(importing, session.composition) }
            let request = IntentRequest(
                .importing(importing, host: session.hostRecipient), author: GatewaySession.author, via: "cli",
                requestID: UUID().uuidString.lowercased())
            let result = try await Progress.show("importing") { try await session.store.write(request) }
            report.revision = result.revision
            report.notes = result.notes
        }
        console.result(text: report.text(console.style), json: report.json)
        return .success
    }

    /// The keys first: from the commit on a pass looks for them.
    private func keepKeys(_ importing: Importing, _ composition: GatewayComposition) throws(CommandFailure) {
        for imported in importing.interfaces {
            guard let key = imported.privateKey else { continue }
            do {
                try composition.secrets.keepInterfaceKey(imported.interface.name, key)
            } catch {
                throw CommandFailure(.error, error.description)
            }
        }
    }
}
