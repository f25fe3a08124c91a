internal import Model
internal import NIOCore

/// Asks one upstream once, in the way it is to be spoken to.
struct UpstreamTransport: Sendable {
    let datagrams: DatagramExchange
    let streams: StreamPool
    let tally: UpstreamTally

    func ask(
        _ request: UpstreamRequest, _ upstream: DNSUpstream, deadline: NIODeadline, budget: SendBudget
    ) async -> Result<Message, UpstreamFailure> {
        let result = await attempt(request, upstream, deadline: deadline, budget: budget)
        switch result {
        case .success, .failure(.cancelled): break
        case .failure(.timedOut): tally.count(\.timedOut)
        case .failure: tally.count(\.failed)
        }
        return result
    }

    private func attempt(
        _ request: UpstreamRequest, _ upstream: DNSUpstream, deadline: NIODeadline, budget: SendBudget
    ) async -> Result<Message, UpstreamFailure> {
        guard upstream.scheme == .udp else {
            return await streams.ask(request, upstream, deadline: deadline, budget: budget)
        }
        guard budget.take() else { return .failure(.exhausted) }
        switch await datagrams.ask(request, upstream, deadline: deadline) {
        case .success(.answer(let message)): return .success(message)
        case .failure(let failure): return .failure(failure)
        case .success(.streamNeeded):
            tally.count(\.retriedOverTCP)
            return await streams.ask(request, upstream.overTCP, deadline: deadline, budget: budget)
        }
    }

    /// Notes that an attempt from `start` on has no answer yet: a connection that was silent since is not used again.
    func suspect(_ upstream: DNSUpstream, since start: NIODeadline) {
        streams.suspect(upstream.scheme == .udp ? upstream.overTCP : upstream, since: start)
    }
}

extension DNSUpstream {
    /// The same server over plain TCP; only for one of plain UDP.
    fileprivate var overTCP: DNSUpstream { DNSUpstream(tcp: address, port: port) }

    /// Where it listens.
    func socketAddress() throws(UpstreamFailure) -> NIOCore.SocketAddress {
        do {
            return try NIOCore.SocketAddress(packedIPAddress: ByteBuffer(bytes: address.bytes), port: Int(port))
        } catch {
            throw .unreachable("\(error)")
        }
    }
}
