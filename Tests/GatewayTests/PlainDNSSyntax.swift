import Manifest
import Model

/// Judges no DNS rule: `DNSPolicy` has the real one.
struct PlainDNSSyntax: DNSRuleSyntax {
    func fault(inDomain domain: String) -> String? { nil }
    func fault(inFilterLine line: String) -> String? { nil }
}

extension Manifest {
    static func parse(path: String, bytes: [UInt8]) -> ParsedFile {
        parse(path: path, bytes: bytes, dnsSyntax: PlainDNSSyntax())
    }
}

extension ManifestTree {
    init(files: [ParsedFile], bytes: @escaping @Sendable (String) throws -> [UInt8]) {
        self.init(files: files, dnsSyntax: PlainDNSSyntax(), bytes: bytes)
    }
}
