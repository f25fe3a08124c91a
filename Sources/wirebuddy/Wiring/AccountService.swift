import Gateway
import Logging
import Reconciler
import ServiceLifecycle

/// What the daemon does about accounts besides answering: while there is no admin it says how to make one, and it drops
/// what is over.
struct AccountService: Service {
    let accounts: Accounts
    let reconciliation: any Reconciliation
    let logger: Logger
    /// Tells people, not the log: the enrolment token is for who started the daemon.
    let tell: @Sendable (String) -> Void
    /// The options that name this gateway, for commands that are proposed.
    let options: String

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await announce() }
                group.addTask { await prune() }
            }
        }
    }

    /// Tells it once each time the last admin goes, and at the start.
    private func announce() async {
        var wasTold = false
        // Before the first look, so that no pass is missed between.
        let reports = reconciliation.reports()
        await tellIfNeeded(&wasTold)
        for await _ in reports { await tellIfNeeded(&wasTold) }
    }

    private func tellIfNeeded(_ wasTold: inout Bool) async {
        guard let lacksAdmin = accounts.lacksAdmin, lacksAdmin != wasTold else { return }
        wasTold = lacksAdmin
        guard lacksAdmin else { return }
        do throws(AccountFailure) {
            let (token, until) = try await accounts.beginEnrolment()
            tell(
                "the API has no admin and answers nothing but health and enrolment:"
                    + " `wirebuddy user add NAME --role admin\(options)` makes one")
            tell("or enrol him with POST /api/enrolment and this token, once, until \(until): \(token)")
        } catch {
            logger.error("an enrolment token can't be made", metadata: ["error": "\(error)"])
        }
    }

    private func prune() async {
        while !Task.isCancelled {
            await accounts.prune()
            do { try await Task.sleep(for: .seconds(3600)) } catch { return }
        }
    }
}
