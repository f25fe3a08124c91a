import NIOCore
import NIOHTTP1

/// Refuses requests that are valid to a lenient reader only, before anybody looks at them: other versions than HTTP/1.1, and
/// those where two readers could disagree about host or length.
final class ProtocolHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private var hasFailed = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if hasFailed { return }
        guard case .head(let head) = unwrapInboundIn(data), let error = Self.problem(head) else {
            context.fireChannelRead(data)
            return
        }
        hasFailed = true
        context.fireErrorCaught(error)
    }

    private static func problem(_ head: HTTPRequestHead) -> HTTPParserError? {
        if head.version != .http1_1 { return .invalidVersion }
        var hosts = 0
        var lengths = 0
        var codings = 0
        for (name, _) in head.headers {
            switch name.utf8.count {
            case 4: if name.lowercased() == "host" { hosts += 1 }
            case 14: if name.lowercased() == "content-length" { lengths += 1 }
            case 17: if name.lowercased() == "transfer-encoding" { codings += 1 }
            default: break
            }
        }
        if hosts != 1 { return .invalidHeaderToken }
        if lengths > 1 || codings > 1 { return .invalidContentLength }
        if lengths == 1, codings == 1 { return .unexpectedContentLength }
        return nil
    }
}
