import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import Model
import Reconciler

/// What happens to each request: who is it, may he, is it too much, what is the answer. The order is that in which the
/// functions stand.
struct RequestPipeline: Sendable {
    let routes: RouteTable
    /// The routes at the unix socket.
    let localRoutes: RouteTable
    /// The routes at the listener of the metrics.
    let metricsRoutes: RouteTable
    let services: APIServices
    let authenticator: any Authenticator
    let limiter = RateLimiter()
    let clock: any ServerClock
    let logger: Logger
    let limits: ServerLimits
    let trustedProxies: [Prefix]
    let adminGroup: UInt32?
    let crossOrigin: CrossOrigin
    let identifiers = RequestIdentifier()
    let date = HTTPDate()
    let headers = AnswerHeaders()

    /// Answers a request.
    ///
    /// - Throws: when the connection breaks.
    @concurrent func respond(
        to request: Request, _ writer: consuming ResponseWriter, over connection: Connection
    ) async throws {
        let start = clock.microseconds
        connection.beginAnswer()
        defer { connection.endAnswer() }
        var exchange = Exchange(
            request.head, over: connection, id: identifiers.id(given: request.headers[.requestID]),
            trustedProxies: trustedProxies)
        var answer: APIResponse
        do {
            let (operation, path) = try route(&exchange)
            try await admit(&exchange, operation)
            let query = try exchange.query(operation)
            let body = try await body(of: request, &exchange, operation, writer)
            answer = try await operation.handler(exchange.request(path, query, body), services)
        } catch let finished as FinishedAnswer {
            answer = finished.answer
        } catch let failure as APIFailure {
            answer = APIResponse(failure)
        } catch {
            // What went wrong inside is for the log, not for clients.
            logger.error(
                "request failed",
                metadata: ["request": "\(exchange.id)", "operation": "\(exchange.operation)", "error": "\(error)"])
            answer = APIResponse(
                APIFailure(
                    .internalServerError, "the request could not be done; the log of the server names the cause",
                    details: .object([("request_id", .string(exchange.id))])))
        }
        complete(&answer, exchange)
        let duration = clock.microseconds - start
        services.requests.count(exchange.head.method, answer.status, microseconds: duration)
        log(answer, exchange, milliseconds: duration / 1000)
        try await write(answer, exchange, to: writer, connection)
    }

    private func route(_ exchange: inout Exchange) throws -> (Operation, [String: String]) {
        let table = exchange.isLocal ? localRoutes : exchange.isScrape ? metricsRoutes : routes
        guard let segments = exchange.target.segments else { throw APIFailure.notFound }
        switch table.match(exchange.head.method, segments) {
        case .operation(let operation, let path):
            exchange.operation = operation.id
            return (operation, path)
        case .nothing: throw APIFailure.notFound
        case .otherMethods(let allowed):
            if !exchange.isScrape, let answer = crossOrigin.preflight(exchange.head, allowed: allowed) {
                throw FinishedAnswer(answer)
            }
            throw APIFailure(
                .methodNotAllowed, "this path takes \(allowed)", headers: [.allow: allowed])
        }
    }

    /// Finds out who asks, counts the request and decides whether he may.
    private func admit(_ exchange: inout Exchange, _ operation: Operation) async throws {
        if exchange.isLocal {
            exchange.principal = try localPrincipal(exchange)
        } else {
            let identity = await identity(&exchange, operation)
            try count(&exchange, operation)
            if let failure = identity { throw failure }
        }
        switch operation.access.denial(of: exchange.principal, isRead: operation.isRead) {
        case .unauthenticated: throw APIFailure.unauthorized
        case .forbidden: throw APIFailure.forbidden
        case nil: break
        }
        guard operation.isRead || operation.access == .open || !exchange.isProvedByCookie else {
            guard
                CrossSiteCheck.isOwn(
                    exchange.head.headerFields, authority: exchange.head.authority, isSecure: exchange.isSecure)
            else {
                throw APIFailure(
                    .forbidden,
                    "a change that is proved by the cookie must come from this site: send X-Requested-With,"
                        + " or Authorization: Bearer instead of the cookie")
            }
            return
        }
    }

    /// What is in the way of knowing him; nil: he is known, or nobody.
    private func identity(_ exchange: inout Exchange, _ operation: Operation) async -> APIFailure? {
        // A stale cookie keeps nobody from logging in.
        if operation.access == .open { return nil }
        switch await authenticator.authenticate(exchange.proof, from: exchange.client) {
        case .known(let principal):
            exchange.principal = principal
            if !principal.isAnonymous { exchange.connection.setKnown() }
            return nil
        case .refused(let hint):
            var failure = APIFailure.unauthorized
            if let hint { failure.details = .object([("hint", .string(hint))]) }
            failure.headers[.wwwAuthenticate] = "Bearer"
            return failure
        case .unavailable(let why):
            return APIFailure(.serviceUnavailable, why, headers: [.retryAfter: "1"])
        case .notEnrolled:
            return APIFailure(
                .serviceUnavailable,
                "there is no admin yet: make one with `wirebuddy init`, or with the enrolment token that serve printed",
                headers: [.retryAfter: "60"])
        }
    }

    private func localPrincipal(_ exchange: Exchange) throws(APIFailure) -> Principal {
        guard case .local(let user?) = exchange.connection.origin,
            user.uid == 0 || adminGroup.map({ user.isMember(of: $0) }) == true
        else {
            throw APIFailure(
                .forbidden, "only root and the group api.socket_group of the host file may use this socket")
        }
        return Principal(proof: .socket, userID: "", username: user.name, email: "", role: .admin)
    }

    private func count(_ exchange: inout Exchange, _ operation: Operation) throws(APIFailure) {
        let settings = services.reconciliation.view?.catalog?.settings.rateLimits ?? Settings.RateLimits()
        guard let client = exchange.client, !settings.exempt.contains(where: { $0.contains(client) }) else { return }
        // Logins and passwords have limits of their own besides, per user.
        let rate: RateClass =
            switch operation.rate {
            case .exempt: .exempt
            case .read: .read
            case .write, .login, .password: .write
            }
        let principal = exchange.principal
        guard let limit = settings.limit(of: rate, isAnonymous: principal.isAnonymous) else { return }
        let verdict = limiter.take(
            principal.isAnonymous ? .address(AddressBlock(client)) : .user(principal.userID), rate, limit,
            at: clock.uptime)
        exchange.headers[.rateLimit] = "\(limit.count)"
        exchange.headers[.rateRemaining] = "\(verdict.remaining)"
        exchange.headers[.rateReset] = "\(clock.time + Int64(verdict.reset))"
        if !verdict.isTaken { throw APIFailure(verdict) }
    }

    private func log(_ answer: APIResponse, _ exchange: Exchange, milliseconds: Int64) {
        guard logger.logLevel <= .info else { return }
        logger.info(
            "request",
            metadata: [
                "method": "\(exchange.head.method.rawValue)", "operation": "\(exchange.operation)",
                "status": "\(answer.status.code)", "ms": "\(milliseconds)",
                "user": "\(exchange.principal.username)", "client": "\(exchange.clientText)",
                "request": "\(exchange.id)",
            ])
    }
}
