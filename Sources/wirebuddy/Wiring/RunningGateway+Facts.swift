import Database
import Gateway
import Reconciler
import Repository

extension RunningGateway: GatewayFacts {
    var hostName: String { NotificationService.hostName }

    var config: String { composition.settings.config.content }

    var state: String { composition.settings.state.content }

    // That the lock can't be looked at says nothing about who holds it.
    var daemon: String? { (try? locks.daemonHolder()) ?? nil }

    func repository() async -> RepositoryFacts {
        let worktree = (try? await repository.worktreeStatus()) ?? nil
        let remote = await repository.remoteStatus().map { remote in
            StatusReport.Remote(
                name: remote.remote, state: remote.state.rawValue, ahead: remote.ahead, behind: remote.behind,
                since: remote.since, reason: remote.reason, checked: remote.checked)
        }
        return RepositoryFacts(edited: worktree?.edited ?? [], notes: worktree?.notes ?? [], remote: remote)
    }

    func system() -> SystemFacts { SystemFacts.observed(state: state, now: composition.clock.now()) }
}
