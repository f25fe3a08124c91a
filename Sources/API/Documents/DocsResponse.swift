import HTTPTypes

/// The page `/docs` as it is sent: its style and its script run by a nonce, and nothing else does.
struct DocsResponse {
    /// A number used once, that nobody can guess: what a page that was tampered with doesn't have.
    struct Nonce {
        let text: String

        /// 128 bits of the system's randomness.
        static func random() -> Nonce {
            var generator = SystemRandomNumberGenerator()
            return Nonce(text: (0..<2).map { _ in String(generator.next(), radix: 36) }.joined())
        }
    }

    private static let parts = String(decoding: EmbeddedFile.bytes(of: DocsPage.text), as: UTF8.self)
        .split(separator: "{{nonce}}", omittingEmptySubsequences: false).map { Array($0.utf8) }

    let nonce: Nonce

    var bytes: [UInt8] { Array(Self.parts.joined(separator: nonce.text.utf8)) }

    var headers: HTTPFields {
        var headers: HTTPFields = [.cacheControl: "no-store"]
        headers[.contentSecurityPolicy] =
            "default-src 'none'; script-src 'nonce-\(nonce.text)'; style-src 'nonce-\(nonce.text)'; "
            + "img-src blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return headers
    }
}
