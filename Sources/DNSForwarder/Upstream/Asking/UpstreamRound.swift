internal import Model
internal import NIOCore

/// The attempts to get one question answered: the next upstream is asked when one fails, or when a share of the time
/// is over; those asked before may still answer.
struct UpstreamRound: Sendable {
    let request: UpstreamRequest
    let deadline: NIODeadline
    let transport: UpstreamTransport
    let health: UpstreamHealth

    private enum Event: Sendable {
        case ended(Int, Result<Message, UpstreamFailure>)
        case shareIsOver
    }

    private struct Attempt {
        let upstream: DNSUpstream
        let start: NIODeadline
        var isRunning = true
    }

    /// Asks, and gives the first answer to `deliver` before it cleans up.
    func run(_ deliver: @Sendable (UpstreamReply) -> Void) async {
        let upstreams = health.order(request.upstreams, request.strategy, now: .now())
        guard !upstreams.isEmpty else { return }
        // With one upstream, the second half of the time is for asking it again.
        let share = request.timeout / (upstreams.count + 1)
        let budget = SendBudget(upstreams: upstreams.count)
        await withTaskGroup(of: Event.self) { group in
            var attempts: [Attempt] = []
            // Each upstream once, then those again that were silent.
            var agenda = upstreams[...]

            func startNext() {
                if agenda.isEmpty, attempts.count == upstreams.count {
                    agenda = attempts.filter(\.isRunning).map(\.upstream)[...]
                }
                guard let upstream = agenda.popFirst() else { return }
                let number = attempts.count
                attempts.append(Attempt(upstream: upstream, start: .now()))
                group.addTask {
                    .ended(number, await transport.ask(request, upstream, deadline: deadline, budget: budget))
                }
            }
            func startShare() {
                group.addTask {
                    try? await Task.sleep(for: share)
                    return .shareIsOver
                }
            }

            startNext()
            if request.strategy == .fastest, upstreams.count > 1 { startNext() }
            startShare()
            while let event = await group.next() {
                let now = NIODeadline.now()
                switch event {
                case .ended(let number, .success(let message)):
                    let winner = attempts[number]
                    health.answered(winner.upstream, from: winner.start, to: now)
                    deliver(UpstreamReply(message: message, upstream: winner.upstream))
                    for other in attempts where other.isRunning && other.upstream != winner.upstream {
                        health.outrun(other.upstream, from: other.start, to: now)
                    }
                    group.cancelAll()
                    return
                case .ended(let number, .failure(let failure)):
                    attempts[number].isRunning = false
                    if failure.isOfUpstream, failure != .timedOut {
                        health.failed(attempts[number].upstream, failure, now: now)
                    } else if failure == .timedOut {
                        health.silent(attempts[number].upstream, from: attempts[number].start, now: now)
                    }
                    if attempts.count < upstreams.count, !Task.isCancelled { startNext() }
                    if !attempts.contains(where: \.isRunning) {
                        group.cancelAll()
                        return
                    }
                case .shareIsOver:
                    guard now < deadline, !Task.isCancelled else { continue }
                    for attempt in attempts where attempt.isRunning && attempt.start + TimeAmount(share) <= now {
                        health.silent(attempt.upstream, from: attempt.start, now: now)
                        transport.suspect(attempt.upstream, since: attempt.start)
                    }
                    startNext()
                    startShare()
                }
            }
        }
    }
}
