import Glibc
import Hummingbird

/// A bare Hummingbird server, which the benchmark of the API is compared with: one route, one body that never changes.
///
///     StaticServer PORT BYTES
///
/// It answers `GET /` on 127.0.0.1 with `BYTES` bytes of JSON until it is ended.
@main
struct StaticServer {
    static func main() async throws {
        let words = CommandLine.arguments
        guard words.count == 3, let port = Int(words[1]), let size = Int(words[2]), size >= 2 else {
            print("usage: StaticServer PORT BYTES")
            exit(64)
        }
        let text = "\"\(String(repeating: "x", count: size - 2))\""
        let body = ByteBuffer(string: text)
        let router = Router()
        router.get("/") { _, _ in
            Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
        }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)))
        try await application.runService()
    }
}
