import Manifest
import Model

/// Walks commits from the newest on, with the configuration files that each changed. A merge changes nothing by itself:
/// what it brings together are commits of their own.
struct HistoryWalk {
    /// One commit.
    struct Step {
        let entry: HistoryEntry
        /// The blobs of its configuration files before and after; nil where a file wasn't there.
        let files: [(path: [UInt8], old: ObjectName?, new: ObjectName?)]
    }

    let steps: [Step]
    private let objects: GitObjectReader
    private let dnsSyntax: any DNSRuleSyntax

    /// - Parameters:
    ///   - range: What `git log` is asked for.
    ///   - dnsSyntax: Judges DNS rules, which no step shows.
    init(_ range: [String], git: Git, directory: String, dnsSyntax: any DNSRuleSyntax) async throws(GitFailure) {
        let output = try await git.run(
            ["log", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-diff-merges", "--no-show-signature"]
                + ["--no-decorate", HistoryEntry.format.replacing("--format=", with: "--format=%x01")] + range + ["--"],
            in: directory)
        steps = Self.steps(output)
        objects = try GitObjectReader(git, directory: directory)
        self.dnsSyntax = dnsSyntax
    }

    /// `\1` and the fields of a commit, then `:<mode> <mode> <old> <new> <status>` and a path for each file, all ended by
    /// NUL.
    private static func steps(_ output: [UInt8]) -> [Step] {
        var steps: [Step] = []
        var entry: HistoryEntry?
        var files: [(path: [UInt8], old: ObjectName?, new: ObjectName?)] = []
        let finish = { if let entry { steps.append(Step(entry: entry, files: files)) } }
        var fields = output.split(separator: 0, omittingEmptySubsequences: false)[...]
        while let field = fields.popFirst() {
            if field.first == 1 {
                finish()
                let texts = [field.dropFirst()] + fields.prefix(HistoryEntry.fields - 1)
                fields = fields.dropFirst(HistoryEntry.fields - 1)
                entry = HistoryEntry(texts.map { String(decoding: $0, as: UTF8.self)[...] })
                files = []
                continue
            }
            let words = field.drop { $0 == UInt8(ascii: "\n") }.split(separator: UInt8(ascii: " "))
            guard words.count == 5, words[0].first == UInt8(ascii: ":"), let path = fields.popFirst() else { continue }
            guard ConfigurationFileName.isConfiguration(path) else { continue }
            let blob = { (mode: ArraySlice<UInt8>, name: ArraySlice<UInt8>) in
                mode.starts(with: "100".utf8) ? ObjectName(hexadecimal: name) : nil
            }
            files.append((Array(path), blob(words[0].dropFirst(), words[2]), blob(words[1], words[3])))
        }
        finish()
        return steps
    }

    /// The peers in the files of a commit; only files that hold one of `texts` (nil: all) are read as YAML.
    func peers(in step: Step, holding texts: [[UInt8]]?) throws(GitFailure) -> PeerVersions {
        PeerVersions(
            before: try peers(step.files.compactMap { file in file.old.map { (file.path, $0) } }, texts),
            after: try peers(step.files.compactMap { file in file.new.map { (file.path, $0) } }, texts))
    }

    private func peers(
        _ files: [(path: [UInt8], blob: ObjectName)], _ texts: [[UInt8]]?
    ) throws(GitFailure) -> [Peer] {
        var parsed: [ParsedFile] = []
        for (file, object) in zip(files, try objects.objects(files.map(\.blob))) {
            guard let bytes = object?.content else { continue }
            if let texts, !texts.contains(where: { Self.holds(bytes, $0) }) { continue }
            let path = String(decoding: file.path, as: UTF8.self)
            parsed.append(Manifest.parse(path: path, bytes: bytes, dnsSyntax: dnsSyntax))
        }
        return ManifestTree(files: parsed, dnsSyntax: dnsSyntax) { _ in [] }.peers()
    }

    private static func holds(_ bytes: [UInt8], _ text: [UInt8]) -> Bool {
        bytes.firstRange(of: text) != nil
    }
}
