import Model

/// Makes commits through one long-lived `git fast-import` (`git-fast-import(1)`). They are in the object store, and no
/// branch names them yet, when ``commit(_:onto:)`` returns.
final class CommitStream {
    /// A commit to be made.
    struct Commit {
        let author: CommitAuthor
        let date: Timestamp
        let message: [UInt8]
        let files: [File]
    }

    /// A file in it.
    struct File {
        let path: [UInt8]
        /// The whole content; nil deletes it.
        let content: [UInt8]?
        let isExecutable: Bool
    }

    /// A commit that was made.
    struct Made {
        let name: ObjectName
        /// The blobs of its files, in their order; nil for a deleted one.
        let blobs: [ObjectName?]
    }

    /// The reference that fast-import moves along; nobody reads it.
    static let reference = "refs/wirebuddy/queue"
    /// How many answers fit into a socket in any case.
    private static let questions = 256
    private let conversation: GitConversation

    var processIdentifier: Int32 { conversation.processIdentifier }

    init(_ git: Git, directory: String) throws(GitFailure) {
        // A pack per batch is quicker than loose objects, of which a folder of 10,000 files is one: 10 ms instead of 30.
        conversation = try GitConversation(
            git, directory: directory, settings: ["fastimport.unpackLimit=1", "pack.compression=1"],
            ["fast-import", "--quiet", "--force", "--date-format=raw", "--cat-blob-fd=1"])
    }

    deinit { finish() }

    /// Makes a chain of commits, the first on top of `parent`.
    func commit(_ commits: [Commit], onto parent: ObjectName) throws(GitFailure) -> [Made] {
        var stream = Stream()
        for (number, commit) in commits.enumerated() {
            for file in commit.files {
                if let content = file.content { stream.add(blob: content) }
            }
            stream.add(commit, isFirst: number == 0, parent: parent)
        }
        stream.text += "checkpoint\n".utf8
        try conversation.send(stream.text)
        var names: [ObjectName] = []
        let marks = Array(1..<stream.nextMark)
        // Few at a time: git waits for its answers to be read before it reads on.
        for first in stride(from: 0, to: marks.count, by: Self.questions) {
            let some = marks[first..<min(first + Self.questions, marks.count)]
            try conversation.send(some.flatMap { Array("get-mark :\($0)\n".utf8) })
            for _ in some { names.append(try readName()) }
        }
        var rest = names[...]
        return commits.compactMap { commit in
            let blobs = commit.files.map { $0.content == nil ? nil : rest.popFirst() }
            return rest.popFirst().map { Made(name: $0, blobs: blobs) }
        }
    }

    /// Lets it end, so that its packs are like others and its temporary one goes.
    func finish() { _ = try? conversation.finish() }

    private func readName() throws(GitFailure) -> ObjectName {
        let line = try conversation.readLine()
        guard let name = ObjectName(hexadecimal: line) else {
            throw GitFailure("git fast-import answered \"\(String(decoding: line, as: UTF8.self))\"")
        }
        return name
    }

    /// The text that is sent. Blobs and commits are marked 1, 2, … in their order; a commit follows its blobs.
    private struct Stream {
        var text: [UInt8] = []
        var nextMark = 1
        private var pending: [Int] = []
        private var lastCommit: Int?

        mutating func add(blob content: [UInt8]) {
            text += "blob\nmark :\(nextMark)\n".utf8
            add(data: content)
            pending.append(nextMark)
            nextMark += 1
        }

        mutating func add(_ commit: Commit, isFirst: Bool, parent: ObjectName) {
            let committer = CommitAuthor.wirebuddy
            text += "commit \(CommitStream.reference)\nmark :\(nextMark)\n".utf8
            text += "author \(commit.author.name) <\(commit.author.email)> \(commit.date.seconds) +0000\n".utf8
            text += "committer \(committer.name) <\(committer.email)> \(commit.date.seconds) +0000\n".utf8
            add(data: commit.message)
            text += (lastCommit.map { "from :\($0)\n" } ?? "from \(parent)\n").utf8
            var marks = pending[...]
            pending = []
            for file in commit.files {
                if file.content != nil, let mark = marks.popFirst() {
                    text += "M \(file.isExecutable ? "100755" : "100644") :\(mark) ".utf8
                } else {
                    text += "D ".utf8
                }
                add(quoted: file.path)
                text.append(UInt8(ascii: "\n"))
            }
            lastCommit = nextMark
            nextMark += 1
        }

        private mutating func add(data: [UInt8]) {
            text += "data \(data.count)\n".utf8
            text += data
            text.append(UInt8(ascii: "\n"))
        }

        /// A path in quotes, with escapes as in C.
        private mutating func add(quoted path: [UInt8]) {
            text.append(UInt8(ascii: "\""))
            for byte in path {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
                case 0x20..<0x7F: text.append(byte)
                default:
                    text.append(UInt8(ascii: "\\"))
                    for shift in [6, 3, 0] as [UInt8] { text.append(UInt8(ascii: "0") + (byte >> shift & 7)) }
                }
            }
            text.append(UInt8(ascii: "\""))
        }
    }
}
