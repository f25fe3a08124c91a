import Manifest
import Model

/// The parsed files of the state read last. Files whose content is the same are not parsed again.
///
/// Used by one actor only.
final class ParsedTree {
    /// A parsed file. An object, as each look at thousands of them would copy everything that is in it.
    final class File: Sendable {
        let content: ContentIdentity
        let parsed: ParsedFile
        /// The digest of the bytes, where the state is identified by digests.
        let digest: DigestValue?

        init(content: ContentIdentity, parsed: ParsedFile, digest: DigestValue?) {
            self.content = content
            self.parsed = parsed
            self.digest = digest
        }
    }

    /// Content that was read for an entry; files on disk may have another stamp by then.
    struct Content: Sendable {
        let entry: TreeEntry
        let bytes: [UInt8]
    }

    private var files: [[UInt8]: File] = [:]
    /// What the peers of all files have to themselves.
    private(set) var claims = PeerClaims()
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
        let missing = entries.filter { files[$0.path]?.content != $0.content }
        parsedCount += missing.count
        let (digest, dnsSyntax) = (digest, dnsSyntax)
        let outcome: Result<[(path: [UInt8], file: File)], Failure> = await withTaskGroup(
            of: [(path: [UInt8], file: File)].self, isolation: isolation
        ) { group in
            // A body that does not name who isolates it runs elsewhere (SE-0420), and with it what `load` reads from.
            _ = isolation
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
            var parsed: [(path: [UInt8], file: File)] = []
            for await part in group { parsed += part }
            return .success(parsed)
        }
        // Only now: what could not be read as a whole leaves the tree as it was.
        let parsed = try outcome.get()
        files.reserveCapacity(entries.count)
        for (path, file) in parsed {
            if let old = files.updateValue(file, forKey: path) { claims.remove(old.parsed) }
            claims.insert(file.parsed)
        }
        guard files.count > entries.count else { return }
        let paths = Set(entries.lazy.map(\.path))
        for (path, file) in files where !paths.contains(path) { claims.remove(file.parsed) }
        files = files.filter { paths.contains($0.key) }
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
