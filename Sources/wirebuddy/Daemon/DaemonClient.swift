import API
import Database
import Glibc
import Manifest
import Model
import Reconciler

/// The daemon of this gateway, as commands see it.
struct DaemonClient: Sendable {
    /// Where it answers.
    let socket: LocalSocket

    /// Finds the daemon that is to do a command; nil: the command works alone.
    ///
    /// - Throws: ``CommandFailure`` when the daemon here serves another gateway, or is a program of another version.
    static func find(for command: any ServedCommand) async throws(CommandFailure) -> DaemonClient? {
        guard command.isServed else { return nil }
        do throws(CommandFailure) {
            return try await find(GatewayComposition(command.global))
        } catch  where error.status == .locked && command.worksBesideDaemon {
            return nil
        }
    }

    /// Finds the daemon of this gateway; nil: none runs, or it answers others only.
    ///
    /// - Throws: ``CommandFailure`` when the daemon here serves another gateway, or is a program of another version.
    static func find(_ composition: GatewayComposition) async throws(CommandFailure) -> DaemonClient? {
        let socket = LocalSocket(path: composition.socketPath)
        guard try await isReached(socket, composition) else { return nil }
        let client = DaemonClient(socket: socket)
        let answer = try await client.ask(.get, "/api/daemon", nil, within: .seconds(10))
        guard answer.status == 200, let theirs = DaemonIdentity(answer.body) else {
            throw CommandFailure(
                .error,
                "what answers at \(socket.path) is no daemon of this version:"
                    + " restart it, or stop it and try again")
        }
        if let difference = difference(DaemonIdentity(composition.settings), theirs) {
            throw CommandFailure(.error, "the daemon at \(socket.path) \(difference)")
        }
        return client
    }

    /// Lets the daemon do a command, and writes what it says.
    ///
    /// - Throws: ``CommandFailure`` when the daemon does not answer.
    func run(_ arguments: [String], _ console: Console) async throws(CommandFailure) -> ExitStatus {
        let call = CommandCall(
            arguments: arguments, author: Author.name, colour: console.style == .ansi,
            messageColour: console.messageStyle == .ansi)
        let answer: Answer
        do {
            answer = try await Progress.show("the daemon works") {
                try await ask(.post, "/api/cli", call.json, within: nil)
            }
        } catch {
            throw error as? CommandFailure ?? CommandFailure(.error, "\(error)")
        }
        guard answer.status == 200, let done = CommandAnswer(answer.body),
            let status = ExitStatus(rawValue: done.exitCode)
        else {
            let why = answer.body["message"]?.text ?? "status \(answer.status)"
            throw CommandFailure(.error, "the daemon refused the command: \(why)")
        }
        Console.write(Array(done.messages.utf8), to: STDERR_FILENO)
        Console.write(Array(done.output.utf8), to: STDOUT_FILENO)
        return status
    }

    /// Whether somebody listens. A daemon that has just begun is waited for.
    private static func isReached(
        _ socket: LocalSocket, _ composition: GatewayComposition
    ) async throws(CommandFailure) -> Bool {
        let end = ContinuousClock.now + .seconds(3)
        while true {
            switch socket.reach() {
            case .open: return true
            case .closed(let code) where code == EACCES || code == EPERM: return false
            case .closed: break
            }
            // A lock that can't be looked at is held by nobody who would answer here.
            guard let holder = (try? composition.locks().daemonHolder()) ?? nil else { return false }
            guard ContinuousClock.now < end else {
                throw CommandFailure(
                    .locked,
                    "a daemon runs in this network namespace and does not answer at \(socket.path):"
                        + " \(holder); name its --config and --state, or stop it")
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    /// What tells the daemon from the one that is meant; nil: nothing.
    private static func difference(_ ours: DaemonIdentity, _ theirs: DaemonIdentity) -> String? {
        if ours.protocolVersion != theirs.protocolVersion {
            return "is version \(theirs.version) and this command version \(ours.version): restart it after an upgrade"
        }
        if ours.namespace != theirs.namespace {
            return "runs in another network namespace (net:[\(theirs.namespace)], not net:[\(ours.namespace)]):"
                + " run the command there"
        }
        if ours.config != theirs.config { return "serves \(theirs.config), not \(ours.config): name it with --config" }
        if ours.state != theirs.state {
            return "has its state in \(theirs.state), not \(ours.state): name it with --state"
        }
        return nil
    }

    private struct Answer: Sendable {
        var status: Int
        /// `data`, or the whole where there is none.
        var body: Node
    }

    private func ask(
        _ method: LocalSocket.Method, _ path: String, _ body: JSONValue?, within time: Duration?
    ) async throws(CommandFailure) -> Answer {
        do throws(LocalSocketFailure) {
            let (status, bytes) = try await socket.exchange(method, path, body?.compactBytes(), within: time)
            let tree = SyntaxTree(path: "answer.json", bytes: bytes)
            guard let root = tree.documents.first?.root, tree.problems.isEmpty else {
                throw LocalSocketFailure("what answers at \(socket.path) is no daemon")
            }
            return Answer(status: status, body: root["data"] ?? root)
        } catch {
            throw CommandFailure(time == nil ? .error : .locked, error.description)
        }
    }
}

extension Node {
    /// The text of a scalar.
    fileprivate var text: String? {
        if case .scalar(let scalar) = content { scalar.text } else { nil }
    }
}

extension DaemonIdentity {
    fileprivate init?(_ node: Node) {
        guard let version = node["protocol"]?.text.flatMap({ Int($0) }), let program = node["version"]?.text,
            let namespace = node["namespace"]?.text.flatMap({ UInt64($0) }), let config = node["config"]?.text,
            let state = node["state"]?.text
        else { return nil }
        self.init(protocolVersion: version, version: program, namespace: namespace, config: config, state: state)
    }
}

extension CommandAnswer {
    fileprivate init?(_ node: Node) {
        guard let code = node["exit_code"]?.text.flatMap({ Int32($0) }), let output = node["output"]?.text,
            let messages = node["messages"]?.text
        else { return nil }
        self.init(exitCode: code, output: output, messages: messages)
    }
}
