import Gateway
import HTTPTypes
import Model

extension Operations {
    /// What describes the API: its document, and the page to read and try it.
    static let documents: [Operation] = [
        Operation("getOpenAPI", .get, "/api/openapi.json", access: .user) { request, _ in
            if request.headers[.ifNoneMatch] == openAPITag {
                return APIResponse(
                    status: .notModified, headers: [.eTag: openAPITag], bytes: [], contentType: "application/json")
            }
            return APIResponse(
                status: .ok, headers: [.eTag: openAPITag], bytes: openAPI, contentType: "application/json")
        },
        Operation("getDocs", .get, "/docs", access: .open) { _, services in
            guard services.showsDocs else {
                throw APIFailure(.notFound, "the page is turned off: api.docs is false, or SWAGGER_ENABLED")
            }
            let page = DocsResponse(nonce: .random())
            return APIResponse(
                status: .ok, headers: page.headers, bytes: page.bytes, contentType: "text/html; charset=utf-8")
        },
    ]

    private static let openAPI = EmbeddedFile.bytes(of: OpenAPIText.text)
    /// The document changes with the binary only: FNV-1a tells its versions apart.
    private static let openAPITag: String = {
        let hash = openAPI.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return "\"\(String(hash, radix: 16))\""
    }()
}
