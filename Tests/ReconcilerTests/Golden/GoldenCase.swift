import Credentials
import FoundationEssentials
import Manifest
import Model
import Reconciler

/// A folder of `Cases`: what was applied (`applied.yaml`, optional), what is wanted (`desired.yaml`), what happened to the
/// host since (`observed.txt`, commands), and the plan people see (`plan.txt`). A bug becomes a folder.
struct GoldenCase: Sendable, CustomStringConvertible {
    static let now = Timestamp(seconds: 1_800_000_000)

    let folder: String
    var description: String { String(folder.split(separator: "/").last ?? "") }

    static let root: String =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        .joined(separator: "/") + "/Cases"

    static func all() throws -> [GoldenCase] {
        try FileManager.default.contentsOfDirectory(atPath: root).sorted().map { GoldenCase(folder: "\(root)/\($0)") }
    }

    func text(_ file: String) -> String? {
        FileManager.default.contents(atPath: "\(folder)/\(file)").map { String(decoding: $0, as: UTF8.self) }
    }

    /// The desired state of a file of the case; the private key of every interface is the byte of its name's last letter.
    func desired(_ file: String, on script: HostScript) throws -> (Catalog, DesiredState)? {
        guard let text = text(file) else { return nil }
        // A gateway that wants nothing: what `down` and an emptied repository compile to.
        if text.hasPrefix("# nothing") { return (.empty, Self.compile(.empty, on: script)) }
        let result = Manifest.assemble([Manifest.parse(path: file, bytes: Array(text.utf8))], now: Self.now)
        guard let catalog = result.catalog else {
            throw HostScript.Failure(description: result.problems.map { $0.render() }.joined(separator: "\n"))
        }
        return (catalog, Self.compile(catalog, on: script))
    }

    static func compile(_ catalog: Catalog, on script: HostScript) -> DesiredState {
        var compiler = DesiredCompiler(
            catalog: catalog, facts: HostFacts(script.observed, inventory: script.inventory, adopt: script.adopt),
            now: now, digest: BLAKE2b256())
        for interface in catalog.interfaces {
            compiler.interfaceKeys[interface.name] = SecretKey(
                bytes: [UInt8](repeating: interface.name.utf8.last ?? 0, count: 32))
            if let reference = interface.privateKey {
                let place = SecretContext.interface(interface.name, field: "private_key", repositoryID: "")
                compiler.secrets[SecretUse(reference, at: place)] = secret(reference)
            }
        }
        for peer in catalog.peers {
            if let reference = peer.presharedKey {
                let place = SecretContext.peer(peer.publicKey, field: "preshared_key", repositoryID: "")
                compiler.secrets[SecretUse(reference, at: place)] = secret(reference)
            }
            if case .name(let name) = peer.endpoint?.host { compiler.addresses[name] = IPAddress("198.51.100.7") }
        }
        compiler.revocations = script.inventory.revocations
        compiler.ownedSysctls = Set(script.inventory.sysctls.keys)
        return compiler.compile()
    }

    private static func secret(_ reference: SecretReference) -> Result<SecretKey, SecretFailure> {
        if reference == .file("missing") {
            return .failure(SecretFailure("file:missing is not in the secrets directory"))
        }
        let bytes = [UInt8](repeating: reference.description.utf8.last ?? 0, count: 32)
        return .success(SecretKey(bytes: bytes) ?? SecretKey(words: (1, 1, 1, 1)))
    }

    /// The input of the plan, and the input of a second plan after its steps were done in the script's host.
    func input() throws -> PlanInput {
        var script = HostScript(applied: nil, now: Self.now)
        if let (_, applied) = try desired("applied.yaml", on: script) {
            script = HostScript(applied: applied, now: Self.now)
        }
        try script.run(text("observed.txt") ?? "", now: Self.now)
        guard let (catalog, desired) = try desired("desired.yaml", on: script) else {
            throw HostScript.Failure(description: "no desired.yaml")
        }
        var input = PlanInput(
            revision: "0123456789ab", desired: desired, observed: script.observed, inventory: script.inventory,
            limits: catalog.settings.reconcile, now: Self.now)
        input.adopt = script.adopt
        input.approvals = script.approvals
        input.isTeardown = script.isTeardown
        return input
    }
}
