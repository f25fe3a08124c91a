import Credentials
import FoundationEssentials
import Gateway
import Manifest
import Model
import Reconciler
import Repository
import Synchronization

/// The repository and the keys for one command about secrets. No daemon, no database, no rights are needed.
struct SecretSession {
    let composition: GatewayComposition
    let repository: ConfigurationRepository

    /// - Throws: ``CommandFailure`` when the host file can't be used.
    init(_ global: GlobalOptions) throws(CommandFailure) {
        composition = try GatewayComposition(global)
        repository = composition.repository
    }

    /// The state directory.
    var state: String { composition.settings.state.content }

    /// The files as they are, uncommitted edits included.
    ///
    /// - Throws: ``CommandFailure`` when they can't be read.
    func tree() async throws(CommandFailure) -> ManifestTree {
        try composition.require([composition.checks.config(), composition.checks.git()])
        do {
            return try await repository.presentTree(now: composition.clock.now())
        } catch {
            throw CommandFailure(error)
        }
    }

    /// What opens values: the key in a file, or that of this host.
    func opener(_ identity: String?) throws(SecretFailure) -> SecretOpener {
        guard let identity else { return try composition.secrets.opener() }
        let key = try IdentityFile.load(identity)
        return SecretOpener([key], of: "the key in \(identity) (\(key.publicKey))")
    }

    /// What became of a write.
    struct Written: Sendable {
        var receipt: WriteReceipt
        /// The fields that were sealed again.
        var resealed: [SealedField]
    }

    /// Commits changes, made on the newest head.
    ///
    /// - Parameter mayRepair: whether a head that isn't valid may be made valid by it.
    /// - Throws: ``CommandFailure``; nothing was changed then.
    func write(
        _ subject: String, mayRepair: Bool = false,
        _ edit: @escaping @Sendable (ManifestTree, inout SecretEdits) throws -> [SealedField]
    ) async throws -> Written {
        try composition.require([composition.checks.config(), composition.checks.git()])
        // The edit runs again on a newer head: the last run is the one that was committed.
        let resealed = Mutex<[SealedField]>([])
        let trailers = [CommitTrailer("Request-Id", UUID().uuidString.lowercased()), CommitTrailer("Via", "cli")]
        let author = GatewaySession.author
        var request = WriteRequest(
            author: CommitAuthor(name: author.name, email: author.email), trailers: trailers,
            now: composition.clock.now()
        ) { tree in
            var edits = SecretEdits(tree)
            let fields = try edit(tree, &edits)
            resealed.withLock { $0 = fields }
            return try edits.change(
                subject: subject, body: fields.isEmpty ? "" : "Sealed values: \(fields.count).")
        }
        request.mayRepair = mayRepair
        do throws(WriteFailure) {
            let receipt = try await repository.write(request)
            await repository.close()
            return Written(receipt: receipt, resealed: resealed.withLock { $0 })
        } catch {
            await repository.close()
            throw CommandFailure(error)
        }
    }

    /// The recipients of a tree.
    ///
    /// - Throws: ``CommandFailure`` with what to paste when there are none, or no identity of the repository.
    static func require(sealable tree: ManifestTree) throws(CommandFailure) {
        guard tree.settings.repositoryID == nil else { return }
        throw CommandFailure(
            .invalid,
            "a value is sealed for one repository, and this one has no identity: paste into kind: Settings the line"
                + " repository_id: \(UUID().uuidString.lowercased())")
    }
}

extension CommandFailure {
    /// A write that was not done.
    init(_ failure: WriteFailure) {
        switch failure {
        case .refused(let failure as CommandFailure): self = failure
        case .refused, .readOnly, .unreadable, .failed: self.init(.error, "\(failure); nothing was changed")
        case .dirty, .conflict, .diverged: self.init(.stale, "\(failure); nothing was changed")
        case .invalid(let problems):
            self.init(.invalid, "the configuration would not be valid; nothing was changed", details: problems)
        }
    }
}

/// What a command about secrets says at its end.
struct SecretOutput {
    /// What was done, a line each.
    var lines: [String]
    /// The outcome in the repository; nil where it was not touched.
    var written: SecretSession.Written?
    /// What people should know.
    var notes: [String] = []
    /// Further fields of the document.
    var fields: [(String, JSONValue)] = []

    /// Writes the result, and notes for people.
    func show(on console: Console) {
        var lines = lines
        var fields = [("document", JSONValue.string("secret")), ("exit_code", .number(0))] + fields
        if let written {
            let count = written.resealed.count
            if count > 0 { lines.append("sealed again: \(count) \(count == 1 ? "value" : "values")") }
            lines.append(
                written.receipt.isUnchanged ? "nothing to change" : "revision \(written.receipt.revision.prefix(12))")
            if case .ahead(let commits) = written.receipt.remote {
                lines.append("the remote lacks \(commits) \(commits == 1 ? "commit" : "commits")")
            }
            fields += [
                ("revision", .string(written.receipt.revision)), ("unchanged", .boolean(written.receipt.isUnchanged)),
                ("resealed", .array(written.resealed.map { .string($0.label) })),
            ]
        }
        fields.append(("notes", .array(notes.map(JSONValue.string))))
        console.result(text: lines.map { TerminalText.escaped($0) + "\n" }.joined(), json: .object(fields))
        guard console.format == .text else { return }
        for note in notes {
            console.message("\(console.messageStyle.paint("note:", .warning)) \(TerminalText.escaped(note))")
        }
    }
}
