public import Model

/// The configuration repository as text: files into a catalog, with every problem of every file in one run.
public enum Manifest {
    /// The largest file that is read, in bytes (16 MiB); callers need not load more.
    public static let maximumFileSize = SourceText.maximumSize

    /// Reads one file. Pure: the same path and bytes give the same value, so that unchanged files need not be read again.
    ///
    /// - Parameters:
    ///   - path: relative to the repository's root; shown in problems and in the locations of objects.
    ///   - bytes: YAML, or JSON if the path ends in `.json`.
    ///   - dnsSyntax: judges DNS rules.
    ///   - known: the file with another content, judged by the same: what is equal in a long list of rules is not read
    ///     again. The result is the same.
    public static func parse(
        path: String, bytes: [UInt8], dnsSyntax: any DNSRuleSyntax, known: ParsedFile? = nil
    ) -> ParsedFile {
        if let known, known.path == path, let file = known.reading(bytes, dnsSyntax) { return file }
        let tree = SyntaxTree(path: path, bytes: bytes)
        var reader = DocumentReader(path: path, dnsSyntax: dnsSyntax)
        for document in tree.documents { reader.read(document) }
        return ParsedFile(
            path: path, objects: reader.objects, documents: reader.documents, problems: tree.problems + reader.problems,
            mayHoldMore: !tree.isComplete || reader.mayHoldMore, list: reader.longList(in: tree, of: bytes))
    }

    /// Puts files together and validates the whole (CONFIG.md, "Whole-tree validation").
    ///
    /// - Parameters:
    ///   - files: every file of one revision, in any order.
    ///   - now: decides what has expired.
    ///   - completion: who fills what peers leave out.
    ///   - quarantined: addresses that were freed a short while ago, by interface, oldest first.
    ///   - claims: those of exactly these files, where somebody has them. They change nothing but the time this takes.
    public static func assemble(
        _ files: [ParsedFile], now: Timestamp, completion: Completion = .refused,
        quarantined: [String: [IPAddress]] = [:], claims: PeerClaims? = nil
    ) -> LoadResult {
        let precedes = { (first: ParsedFile, second: ParsedFile) in
            first.path.utf8.lexicographicallyPrecedes(second.path.utf8)
        }
        // The trees of git are in this order.
        let isSorted = !zip(files.dropFirst(), files).contains { precedes($0, $1) }
        var assembly = Assembly(
            isSorted ? files : files.sorted(by: precedes), now: now, completion: completion, quarantined: quarantined,
            arePeersDistinct: claims?.areDistinct ?? false)
        return assembly.run()
    }

    /// Reads and assembles in one go.
    public static func load(
        _ files: [SourceFile], dnsSyntax: any DNSRuleSyntax, now: Timestamp, completion: Completion = .refused,
        quarantined: [String: [IPAddress]] = [:]
    ) -> LoadResult {
        let files = files.map { parse(path: $0.path, bytes: $0.bytes, dnsSyntax: dnsSyntax) }
        return assemble(files, now: now, completion: completion, quarantined: quarantined)
    }
}

/// A file of the repository.
public struct SourceFile: Sendable {
    /// Relative to the repository's root.
    public let path: String
    /// The content.
    public let bytes: [UInt8]

    /// Makes a file.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// What one file declares.
public struct ParsedFile: Sendable {
    /// Relative to the repository's root.
    public let path: String
    /// What is wrong with the file alone.
    public let problems: [Problem]
    let objects: [DeclaredObject]
    /// The rules of a file that holds one long list of them.
    let list: LongList?
    /// The number of each object's document in the file.
    private let documents: [Int]
    /// Whether there may be objects that could not be read, so that nothing is said about absent ones.
    let mayHoldMore: Bool

    init(
        path: String, objects: [DeclaredObject], documents: [Int], problems: [Problem], mayHoldMore: Bool,
        list: LongList? = nil
    ) {
        self.documents = documents
        self.path = path
        self.objects = objects
        self.problems = problems
        self.mayHoldMore = mayHoldMore
        self.list = list
    }

    /// What the file's documents declare and where, in their order; documents whose kind can't be read are left out.
    public var declarations: [(identity: ObjectIdentity, place: ObjectPlace)] {
        objects.indices.map { (objects[$0].identity, place(of: $0)) }
    }

    /// Where an object stands, by its index in `objects`.
    func place(of object: Int) -> ObjectPlace {
        ObjectPlace(path: path, document: documents[object], position: objects[object].start)
    }
}
