import Credentials
import DNSPolicy
import Manifest
import Model
import Reconciler
import Repository

/// The policy as the repository declares it, without a daemon: rules, and the lists that are at hand.
struct DeclaredPolicy {
    let revision: LoadedRevision
    let catalog: Catalog
    let policy: Policy
    /// The blocklists in the order of the catalog.
    let lists: [List]

    /// A blocklist and what became of it.
    struct List {
        let declared: Blocklist
        /// Nil for a disabled one, and for one whose text is not here.
        let compiled: CompiledList?
    }

    /// Enabled lists whose text is not here: what they would decide is not known.
    var absent: [String] { lists.filter { $0.declared.enabled && $0.compiled == nil }.map(\.declared.name) }

    /// Reads the repository and its lists.
    ///
    /// - Throws: ``CommandFailure``: 10 for a configuration that is not valid or a list of it that can't be taken.
    static func load(_ composition: GatewayComposition, _ options: PolicyOptions) async throws -> DeclaredPolicy {
        let repository = composition.repository
        let now = composition.clock.now()
        let declared = try await DeclaredCatalog.load(composition, head: options.head)
        let catalog = declared.catalog
        let texts = Dictionary(options.texts.map { ($0.name, $0.file) }, uniquingKeysWith: { $1 })
        if let unknown = texts.keys.sorted().first(where: { name in !catalog.blocklists.contains { $0.name == name } })
        {
            throw CommandFailure(.usage, "--list \(unknown): no Blocklist has this name")
        }
        let key = NameKey.random()
        var lists: [List] = []
        for list in catalog.blocklists {
            let text = list.enabled ? try await text(list, texts, repository, head: options.head, now: now) : nil
            lists.append(List(declared: list, compiled: try text.map { try compile(list, $0, key) }))
        }
        do {
            let policy = try Policy(catalog, lists: lists.compactMap(\.compiled), key: key)
            return DeclaredPolicy(revision: declared.revision, catalog: catalog, policy: policy, lists: lists)
        } catch {
            throw CommandFailure(.invalid, "\(error)")
        }
    }

    private static func text(
        _ list: Blocklist, _ given: [String: String], _ repository: ConfigurationRepository, head: Bool, now: Timestamp
    ) async throws -> [UInt8]? {
        if let file = given[list.name] {
            switch SmallFile.read(file, limit: ListCompiler.Limits().bytes + 1) {
            case .success(let bytes): return bytes
            case .failure(let error):
                throw CommandFailure(.error, "--list \(list.name)=\(file) can't be read: \(error)")
            }
        }
        guard case .file(let path) = list.source else { return nil }
        let limit = ListCompiler.Limits().bytes + 1
        do {
            return head
                ? try await repository.file(path, limit: limit, now: now)
                : try await repository.presentFile(path, limit: limit)
        } catch {
            throw CommandFailure(.invalid, "\(list.location): Blocklist \"\(list.name)\": \(error)")
        }
    }

    private static func compile(_ list: Blocklist, _ text: [UInt8], _ key: NameKey) throws -> CompiledList {
        if let pin = list.sha256 {
            let found = SHA256().digest(text)
            guard found == pin else {
                throw CommandFailure(
                    .invalid,
                    "\(list.location): Blocklist \"\(list.name)\": sha256 is \(pin), but its text has \(found)")
            }
        }
        do {
            var compiler = ListCompiler(name: list.name, format: list.format, key: key)
            try compiler.take(text)
            return try compiler.finish()
        } catch {
            throw CommandFailure(.invalid, "\(list.location): Blocklist \"\(list.name)\": \(error)")
        }
    }

    /// One line about the lists that are not here; nil if all are.
    var absence: String? {
        guard let first = absent.first else { return nil }
        return absent.count == 1
            ? "the text of list \(first) is not here, so its entries don't count: give it by --list \(first)=FILE"
            : "the texts of lists \(absent.joined(separator: ", ")) are not here, so their entries don't count:"
                + " give each by --list NAME=FILE"
    }
}
