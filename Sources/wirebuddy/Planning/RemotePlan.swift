import Manifest
import Model
import Reconciler
import Repository

/// The plan of files of a checkout, made by a gateway elsewhere against its own host. The gateway renders it.
struct RemotePlan {
    let gateway: RemoteGateway
    let repository: ConfigurationRepository
    let now: Timestamp

    /// Plans a commit, or (nil) the files as they are now, and prints what the gateway says.
    ///
    /// - Throws: ``CommandFailure``.
    func show(_ head: String?, all: Bool, on console: Console) async throws -> ExitStatus {
        let tree = try await tree(head)
        var files: [(String, JSONValue)] = []
        for path in tree.paths {
            guard let bytes = try tree.bytes(of: path) else { continue }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CommandFailure(.invalid, "\(path) is not UTF-8")
            }
            files.append((path, .string(text)))
        }
        guard !files.isEmpty else { throw CommandFailure(.invalid, "there is no YAML file in \(repository.directory)") }
        let target = "/api/plan?format=\(console.reportFormat.rawValue)&all=\(all)"
        let answer = try await Progress.show("\(gateway.name) plans", isTerminal: Console.messagesAreOnTerminal) {
            try await gateway.post(target, .object([("files", .object(files))]))
        }
        guard answer.status == 200 else { throw failure(answer) }
        if console.reportFormat == .json { return try showDocument(answer, on: console) }
        guard let code = answer.headers["wirebuddy-exit-code"].flatMap({ Int32($0) }),
            let status = ExitStatus(rawValue: code)
        else { throw CommandFailure(.error, "what answers at \(gateway.name) is no gateway of this version") }
        console.report(answer.body)
        return status
    }

    /// The document of the command: that of the gateway, with its name.
    private func showDocument(_ answer: GatewayAnswer, on console: Console) throws(CommandFailure) -> ExitStatus {
        guard let document = answer.document, let code = document["exit_code"]?.plainText.flatMap({ Int32($0) }),
            let status = ExitStatus(rawValue: code), case .object(let members) = document["data"]?.json
        else { throw CommandFailure(.error, "what answers at \(gateway.name) is no gateway of this version") }
        let own: [(String, JSONValue)] = [("document", .string("plan")), ("exit_code", .number(Int(code)))]
        console.result(text: "", json: .object(own + members))
        return status
    }

    private func failure(_ answer: GatewayAnswer) -> CommandFailure {
        let problems = answer.document?["details"]?["problems"]?.elements.compactMap(\.plainText) ?? []
        return CommandFailure(
            answer.status == 422 ? .invalid : .error, "\(gateway.name): \(answer.reason)", details: problems)
    }

    private func tree(_ head: String?) async throws(CommandFailure) -> ManifestTree {
        guard let head else {
            do throws(RevisionFailure) {
                return try await repository.presentTree(now: now)
            } catch {
                throw CommandFailure(error)
            }
        }
        do throws(RollbackFailure) {
            return try await repository.tree(at: head, now: now).tree
        } catch {
            switch error {
            case .unknown(let why), .unreadable(let why): throw CommandFailure(.error, why)
            case .invalid(let revision, let problems):
                throw CommandFailure(.invalid, "revision \(revision) is not valid", details: problems)
            }
        }
    }
}
