import Manifest
import Model

/// The parsed files of the state read last. Files whose content is the same are not parsed again.
///
/// Used by one actor only.
final class ParsedTree {
    struct File: Sendable {
        let content: ContentIdentity
        let parsed: ParsedFile
        /// The digest of the bytes, where the state is identified by digests.
        let digest: DigestValue?
    }

    /// Content that was read for an entry; files on disk may have another stamp by then.
    struct Content: Sendable {
        let entry: TreeEntry
        let bytes: [UInt8]
    }

    private var files: [[UInt8]: File] = [:]
    private let digest: (any Digest)?
    private let dnsSyntax: any DNSRuleSyntax
    /// How many files were parsed, for tests and logs.
    private(set) var parsedCount = 0

    /// How many files one task parses: enough to make the task worthwhile.
    private static let filesPerTask = 128

    /// A tree without files.
    ///
    /// - Parameters:
    ///   - digest: Digests the bytes of each file; nil where the content identity is a digest already.
    ///   - dnsSyntax: Judges DNS rules.
    init(digest: (any Digest)?, dnsSyntax: any DNSRuleSyntax) {
        self.digest = digest
        self.dnsSyntax = dnsSyntax
    }

    /// Makes the tree that of `entries`; `load` reads the content of some entries, in order. Parsing runs on all cores
    /// while `load` reads on.
    func update<Failure: Error>(
        to entries: [TreeEntry], isolation: isolated (any Actor)? = #isolation,
        load: (ArraySlice<TreeEntry>) throws(Failure) -> [Content]
    ) async throws(Failure) {
        var next: [[UInt8]: File] = [:]
        next.reserveCapacity(entries.count)
        var missing: [TreeEntry] = []
        for entry in entries {
            if let known = files[entry.path], known.content == entry.content {
                next[entry.path] = known
            } else {
                missing.append(entry)
            }
        }
        parsedCount += missing.count
        let (digest, dnsSyntax) = (digest, dnsSyntax)
        let outcome: Result<[[UInt8]: File], Failure> = await withTaskGroup(
            of: [(path: [UInt8], file: File)].self, isolation: isolation
        ) { group in
            do throws(Failure) {
                var rest = missing[...]
                while !rest.isEmpty {
                    let part = rest.prefix(Self.filesPerTask)
                    rest = rest.dropFirst(part.count)
                    let contents = try load(part)
                    let known = contents.map { files[$0.entry.path]?.parsed }
                    group.addTask {
                        zip(contents, known).map { ($0.entry.path, Self.parse($0, like: $1, digest, dnsSyntax)) }
                    }
                }
            } catch {
                await group.waitForAll()
                return .failure(error)
            }
            for await part in group {
                for (path, file) in part { next[path] = file }
            }
            return .success(next)
        }
        files = try outcome.get()
    }

    /// Whether exactly these entries are what was parsed.
    func holds(_ entries: [TreeEntry]) -> Bool {
        entries.count == files.count && entries.allSatisfy { files[$0.path]?.content == $0.content }
    }

    /// The parsed files, in the order of `entries`.
    func parsed(_ entries: [TreeEntry]) -> [ParsedFile] { entries.compactMap { files[$0.path]?.parsed } }

    /// The digest of paths and contents, in the order of `entries`.
    func digest(of entries: [TreeEntry]) -> DigestValue? {
        guard let digest else { return nil }
        var form = CanonicalForm()
        for entry in entries {
            guard let content = files[entry.path]?.digest else { return nil }
            form.append(entry.path)
            form.append(content.bytes)
        }
        return digest.digest(form.bytes)
    }

    private static func parse(
        _ content: Content, like known: ParsedFile?, _ digest: (any Digest)?, _ dnsSyntax: any DNSRuleSyntax
    ) -> File {
        let path = String(decoding: content.entry.path, as: UTF8.self)
        return File(
            content: content.entry.content,
            parsed: Manifest.parse(path: path, bytes: content.bytes, dnsSyntax: dnsSyntax, known: known),
            digest: digest?.digest(content.bytes))
    }
}
