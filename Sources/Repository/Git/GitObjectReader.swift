/// Reads objects of one repository through one long-lived `git cat-file`. Used by one at a time: who shares one takes turns
/// (``Turns``), as an actor alone lets others in while a read waits.
///
/// git 2.36 and newer collect their answers (`--batch-command --buffer`); an older one writes each answer by itself.
final class GitObjectReader {
    struct Object {
        let name: ObjectName
        let type: String
        let content: [UInt8]
    }

    /// How many requests are sent before their answers are read. Together they fit into the socket's buffer, so that
    /// neither side waits for the other.
    private static let requestsAtOnce = 512

    /// The running git.
    var processIdentifier: Int32 { process.identifier }

    private var process: ChildProcess
    private let directory: String
    /// Whether this git knows `--batch-command`.
    private var collects = true
    private var buffer: [UInt8] = []
    private var position = 0

    init(_ git: Git, directory: String) throws(GitFailure) {
        self.directory = directory
        process = try Self.start(git, ["--batch-command", "--buffer"], in: directory)
        // An unknown option ends it before the first answer.
        do throws(GitFailure) {
            _ = process.write(Array("info HEAD\nflush\n".utf8))
            _ = try readLine()
        } catch {
            guard error.description.contains("unknown option") else { throw error }
            process = try Self.start(git, ["--batch"], in: directory)
            collects = false
        }
    }

    private static func start(
        _ git: Git, _ options: [String], in directory: String
    ) throws(GitFailure) -> ChildProcess {
        guard let program = git.program else { throw .missing(directory) }
        do {
            let arguments = [program] + git.options(for: directory) + ["cat-file"] + options
            return try ChildProcess(arguments, environment: git.environment(for: directory))
        } catch {
            throw GitFailure("git can't be started for \(directory): \(error.reason)")
        }
    }

    /// The object a revision expression names; nil when there is none.
    func object(_ expression: [UInt8]) throws(GitFailure) -> Object? {
        try send([expression])
        return try answer()
    }

    /// The objects of these names, in order; nil for one that is missing.
    func objects(_ names: some Collection<ObjectName>) throws(GitFailure) -> [Object?] {
        var objects: [Object?] = []
        objects.reserveCapacity(names.count)
        var requests = names.map(\.hexadecimal)[...]
        while !requests.isEmpty {
            let part = requests.prefix(Self.requestsAtOnce)
            requests = requests.dropFirst(part.count)
            try send(part)
            for _ in part { objects.append(try answer()) }
        }
        return objects
    }

    private func send(_ requests: ArraySlice<[UInt8]>) throws(GitFailure) {
        var text: [UInt8] = []
        for request in requests {
            if collects { text += "contents ".utf8 }
            text += request
            text.append(UInt8(ascii: "\n"))
        }
        if collects { text += "flush\n".utf8 }
        guard process.write(text) else { throw ended() }
    }

    /// `<name> <type> <size>\n<content>\n`, or `<request> missing\n`.
    private func answer() throws(GitFailure) -> Object? {
        let line = try readLine()
        let fields = line.split(separator: UInt8(ascii: " "))
        if fields.last.map({ String(decoding: $0, as: UTF8.self) }) == "missing" { return nil }
        guard fields.count == 3, let name = ObjectName(hexadecimal: fields[0]),
            let size = Int(String(decoding: fields[2], as: UTF8.self)), size >= 0
        else {
            throw GitFailure("git cat-file answered \"\(String(decoding: line, as: UTF8.self))\" in \(directory)")
        }
        let content = try read(size)
        _ = try read(1)
        return Object(name: name, type: String(decoding: fields[1], as: UTF8.self), content: content)
    }

    private func readLine() throws(GitFailure) -> [UInt8] {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[position..<end])
                position = end + 1
                return line
            }
            let waiting = buffer.count - position
            try fill()
            searched = position + waiting
        }
    }

    private func read(_ count: Int) throws(GitFailure) -> [UInt8] {
        while buffer.count - position < count { try fill() }
        // `Array(_:)` of a slice that happens to be all of the buffer would share it, with all that it has room for.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        bytes += buffer[position..<(position + count)]
        position += count
        return bytes
    }

    private func fill() throws(GitFailure) {
        if position > 0 {
            buffer.removeFirst(position)
            position = 0
        }
        switch process.read(atMost: 1 << 17) {
        case .bytes(let bytes): buffer += bytes
        case .end: throw ended()
        case .timeout: throw GitFailure("git did not answer for 30 s in \(directory): check its disk")
        }
    }

    private func ended() -> GitFailure {
        GitFailure(errorOutput: process.takeErrors(), directory: directory, command: "cat-file")
    }
}
