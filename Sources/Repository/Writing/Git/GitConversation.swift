/// A git command that takes requests and answers in lines for as long as it lives. Used by one actor only.
final class GitConversation {
    private let process: ChildProcess
    private let directory: String
    private let command: String
    private var buffer: [UInt8] = []

    /// The running git.
    var processIdentifier: Int32 { process.identifier }

    /// - Parameters:
    ///   - settings: `key=value`, for this run only.
    ///   - variables: Of its environment, besides the usual ones.
    init(
        _ git: Git, directory: String, settings: [String] = [], variables: [String: String] = [:],
        _ arguments: [String]
    ) throws(GitFailure) {
        guard let program = git.program else { throw .missing(directory) }
        self.directory = directory
        command = arguments.first ?? ""
        let identity = ["user.name=\(CommitAuthor.wirebuddy.name)", "user.email=\(CommitAuthor.wirebuddy.email)"]
        let durable = ["core.fsync=committed,loose-object,reference"]
        let options = (identity + durable + settings).flatMap { ["-c", $0] }
        do {
            process = try ChildProcess(
                [program] + git.options(for: directory) + options + arguments,
                environment: git.environment(for: directory).merging(variables) { $1 })
        } catch {
            throw GitFailure("git can't be started for \(directory): \(error.reason)")
        }
    }

    /// Sends bytes.
    func send(_ bytes: [UInt8]) throws(GitFailure) {
        guard process.write(bytes) else { throw ended() }
    }

    /// The next line of its answer, without the line feed.
    func readLine() throws(GitFailure) -> [UInt8] {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[..<end])
                buffer.removeFirst(end + 1)
                return line
            }
            switch process.read(atMost: 1 << 16) {
            case .bytes(let bytes): buffer += bytes
            case .end: throw ended()
            case .timeout: throw GitFailure("git \(command) did not answer for 30 s in \(directory): check its disk")
            }
        }
    }

    /// Lets it end in order.
    ///
    /// - Throws: ``GitFailure`` with what it said when it did not end well.
    @discardableResult
    func finish() throws(GitFailure) -> [UInt8] {
        let (output, isGood) = process.finish()
        guard isGood else { throw ended() }
        return buffer + output
    }

    private func ended() -> GitFailure {
        GitFailure(errorOutput: process.takeErrors(), directory: directory, command: command)
    }
}
