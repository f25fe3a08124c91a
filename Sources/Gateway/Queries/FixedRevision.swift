public import Manifest
public import Model
public import Reconciler

/// One revision that is not, or not yet, the head of the repository: for previews. It never fires by itself.
public struct FixedRevision: RevisionSource {
    /// The revision.
    public var revision: DesiredRevision

    /// A revision.
    public init(_ revision: DesiredRevision) {
        self.revision = revision
    }

    /// The files of a whole configuration that stand in no repository; what peers leave out is completed as the next
    /// write-back would.
    ///
    /// - Throws: ``GatewayFailure/invalidRepository(_:)``.
    public init(
        bundle files: [SourceFile], dnsSyntax: any DNSRuleSyntax, remembering inventory: InventorySnapshot,
        now: Timestamp
    ) throws(GatewayFailure) {
        let contents = Dictionary(files.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        let parsed = files.map { Manifest.parse(path: $0.path, bytes: $0.bytes, dnsSyntax: dnsSyntax) }
        var tree = ManifestTree(files: parsed, dnsSyntax: dnsSyntax) { path in contents[path] ?? [] }
        tree.remember(inventory, at: now)
        let result = tree.result(now: now, completion: .writeBack)
        let problems = result.problems.map { $0.render() }
        guard let catalog = result.catalog else { throw .invalidRepository(problems) }
        revision = DesiredRevision(id: "bundle", catalog: catalog, warnings: problems, origin: "bundle")
    }

    /// The revision.
    public func read(now: Timestamp) async throws(RevisionFailure) -> DesiredRevision { revision }

    /// Ends at once.
    public func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}
