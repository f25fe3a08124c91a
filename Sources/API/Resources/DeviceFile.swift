import Gateway
import HTTPTypes
import Manifest
import Model

/// The configuration of a peer's device as a file to download: text, or a picture of it.
struct DeviceFile {
    private let request: APIRequest
    private let peer: Peer
    private let content: String

    /// - Throws: ``APIFailure``: 404 for a peer that is not there or somebody else's, 409 where something is missing.
    init(_ request: APIRequest, _ services: APIServices, in state: ResourceState) throws(APIFailure) {
        self.request = request
        peer = try PeerWrites.visiblePeer(request, in: state)
        let platform = try request.word("platform", of: DeviceProfiles.platforms) ?? DeviceProfiles.platforms[0]
        guard let profiles = services.profiles else {
            throw APIFailure(.internalServerError, "the keys of devices can't be opened here")
        }
        do throws(GatewayFailure) {
            content = try profiles.exposedText(of: peer, in: state.declared.tree, platform: platform)
        } catch {
            throw APIFailure(error)
        }
    }

    /// The text, as `wg-quick` and the apps read it.
    func text() -> APIResponse {
        response(Array(content.utf8), "text/plain; charset=utf-8", ending: "conf")
    }

    /// The QR code: `format` is `png`, `svg` or `text`, `size` the greatest width of a PNG in pixels.
    ///
    /// - Throws: ``APIFailure``: 400 for other formats, 409 when the text is too long for a code.
    func picture() throws(APIFailure) -> APIResponse {
        let width = try request.whole("size", in: 64...2048)
        let format = try request.word("format", of: ["png", "svg", "text"]) ?? "png"
        do throws(GatewayFailure) {
            switch format {
            case "svg":
                return response(try DeviceProfiles.picture(of: content, .svg), "image/svg+xml", ending: "svg")
            case "text":
                return response(
                    try DeviceProfiles.picture(of: content, .text), "text/plain; charset=utf-8", ending: "txt")
            default:
                return response(try DeviceProfiles.picture(of: content, .png(width: width)), "image/png", ending: "png")
            }
        } catch {
            throw APIFailure(error)
        }
    }

    /// An answer that no cache may keep: it holds keys.
    private func response(_ bytes: [UInt8], _ type: String, ending: String) -> APIResponse {
        APIResponse(
            status: .ok,
            headers: [
                .contentDisposition: FileNameHeader.attachment(name: peer.name, fallback: peer.dnsName, ending: ending),
                .cacheControl: "no-store",
            ], bytes: bytes, contentType: type)
    }
}

/// The header that names a download (RFC 6266).
enum FileNameHeader {
    /// `attachment; filename="johns-iphone.conf"; filename*=UTF-8''John%27s%20iPhone.conf`
    ///
    /// - Parameter fallback: letters, digits and `-`.
    static func attachment(name: String, fallback: String, ending: String) -> String {
        let safe = fallback.utf8.filter { isPlain($0) && $0 != UInt8(ascii: ".") }
        let plain = safe.isEmpty ? "peer" : String(decoding: safe, as: UTF8.self)
        return "attachment; filename=\"\(plain).\(ending)\"; filename*=UTF-8''\(encoded("\(name).\(ending)"))"
    }

    /// What RFC 8187 lets stand, everything else as `%41`.
    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isPlain(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
