import Manifest
import Model

/// Judges rules as simply as tests need it.
struct TestSyntax: DNSRuleSyntax {
    func fault(inDomain domain: String) -> String? {
        domain.contains("(?=") ? "look-ahead takes more than linear time" : nil
    }

    func fault(inFilterLine line: String) -> String? {
        line.contains("$nonsense") ? "unknown modifier nonsense" : nil
    }
}

extension Manifest {
    static func parse(path: String, bytes: [UInt8]) -> ParsedFile {
        parse(path: path, bytes: bytes, dnsSyntax: TestSyntax())
    }

    static func load(
        _ files: [SourceFile], now: Timestamp, completion: Completion = .refused,
        quarantined: [String: [IPAddress]] = [:]
    ) -> LoadResult {
        load(files, dnsSyntax: TestSyntax(), now: now, completion: completion, quarantined: quarantined)
    }
}

extension ManifestTree {
    init(files: [ParsedFile], bytes: @escaping @Sendable (String) throws -> [UInt8]) {
        self.init(files: files, dnsSyntax: TestSyntax(), bytes: bytes)
    }
}
