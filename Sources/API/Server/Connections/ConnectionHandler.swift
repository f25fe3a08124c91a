import HTTPTypes
import Model
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Keeps the times of a connection and closes it: requests that come too slowly, answers that nobody reads, answers after
/// which nothing is read any more, bytes that are no HTTP.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// What is waited for.
    private enum Phase {
        case head
        case body
        case answer
        case linger
    }

    private let limits: ServerLimits
    private let connection: Connection
    private var phase = Phase.head
    private var deadline: NIODeadline
    /// A body must not stand still until then.
    private var pauseDeadline = NIODeadline.distantFuture
    private var requests = 0
    private var closesAfterAnswer = false
    private var hasBegunAnswer = false
    private var stalledSince: NIODeadline?
    private var watch: RepeatedTask?

    init(_ connection: Connection, _ limits: ServerLimits) {
        self.connection = connection
        self.limits = limits
        deadline = .now() + TimeAmount(limits.headTime)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let shortest = min(limits.headTime, limits.bodyPause, limits.idleTime, limits.writeTime, limits.lingerTime)
        let interval = min(TimeAmount(shortest / 4), .seconds(1))
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            let (handler, context) = bound.value
            handler.look(context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        watch?.cancel()
        connection.setClosed()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if phase == .linger { return }
        switch unwrapInboundIn(data) {
        case .head:
            requests += 1
            if requests == 1 { expectBody() }
        case .body: pauseDeadline = .now() + TimeAmount(limits.bodyPause)
        case .end: if requests == 1 { expectNothing() }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // The answer of a request that was refused here meanwhile.
        if phase == .linger {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.status.kind != .informational {
                hasBegunAnswer = true
                closesAfterAnswer = head.headerFields[.connection] == "close"
            }
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            hasBegunAnswer = false
            requests -= 1
            guard !closesAfterAnswer else {
                context.writeAndFlush(data, promise: promise)
                linger(context)
                return
            }
            context.write(data, promise: promise)
            if requests == 0 {
                phase = .head
                deadline = .now() + TimeAmount(limits.idleTime)
            } else {
                // The next one came before this answer: its body may still be on the way.
                expectBody()
            }
        }
    }

    /// A client that sends no more still gets its answer. One without end has nobody to read it: it ends at once, not
    /// with the next sign of life, until which it would count as open.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { connection.endStream() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard phase != .linger else { return }
        guard let error = error as? HTTPParserError, requests <= 1, !hasBegunAnswer else {
            context.close(promise: nil)
            return
        }
        let refusal =
            switch error {
            case .headerOverflow:
                APIFailure(.requestHeaderFieldsTooLarge, "the header of the request is too large")
            case .invalidVersion: APIFailure(.httpVersionNotSupported, "only HTTP/1.1 is spoken here")
            default: APIFailure(.badRequest, "the request is no HTTP/1.1")
            }
        refuse(context, refusal)
    }

    private func expectBody() {
        phase = .body
        deadline = .now() + TimeAmount(limits.bodyTime)
        pauseDeadline = .now() + TimeAmount(limits.bodyPause)
    }

    private func expectNothing() {
        phase = .answer
        deadline = .distantFuture
        pauseDeadline = .distantFuture
    }

    /// Looks whether a time is over.
    private func look(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        if context.channel.isWritable {
            stalledSince = nil
        } else if now - (stalledSince ?? now) >= TimeAmount(limits.writeTime) {
            context.close(promise: nil)
            return
        } else {
            stalledSince = stalledSince ?? now
        }
        guard now >= min(deadline, pauseDeadline) else { return }
        if phase == .body, !hasBegunAnswer, requests == 1 {
            refuse(context, APIFailure(.requestTimeout, "the body of the request did not come in time"))
        } else {
            context.close(promise: nil)
        }
    }

    /// Answers by itself what never becomes a request, and closes.
    private func refuse(_ context: ChannelHandlerContext, _ failure: APIFailure) {
        let answer = APIResponse(failure)
        var head = HTTPResponse(status: answer.status, headerFields: answer.headers)
        head.headerFields[.connection] = "close"
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if case .bytes(let bytes) = answer.body {
            context.write(wrapOutboundOut(.body(ByteBuffer(bytes: bytes))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        linger(context)
    }

    /// Closes our side, and the other once the client had time to read the answer: a close with unread bytes would take
    /// the answer away from him.
    private func linger(_ context: ChannelHandlerContext) {
        phase = .linger
        deadline = .now() + TimeAmount(limits.lingerTime)
        pauseDeadline = .distantFuture
        context.close(mode: .output, promise: nil)
    }
}
