import DNSPolicy
import Logging
import Model

/// An update of one list that runs or waits.
struct ListUpdate {
    let task: Task<Void, Never>
    let force: Bool
    let number: Int
}

extension ListKeeper {
    /// Updates lists when they are due.
    func keep() async {
        while !Task.isCancelled {
            let now = clock.now()
            if let name = order.first(where: { entries[$0]?.isDue(at: now) == true }) {
                guard let update = begin(name, force: false) else { continue }
                await withTaskCancellationHandler {
                    await update.task.value
                } onCancel: {
                    update.task.cancel()
                }
                continue
            }
            // Looked at again after a minute at the latest: civil time may be set.
            let next = order.compactMap { entries[$0]?.dueAt }.min().map { $0.seconds - now.seconds } ?? 60
            let pause = Task { () -> Void in
                // Ended early is what waking up means.
                try? await Task.sleep(for: .seconds(min(max(next, 1), 60)))
            }
            self.pause = pause
            await withTaskCancellationHandler {
                await pause.value
            } onCancel: {
                pause.cancel()
            }
        }
        for update in running.values { update.task.cancel() }
    }

    func wake() { pause?.cancel() }

    /// Begins to update a list after those that were begun before; nil for a list that is not in use.
    ///
    /// An update that runs already is not doubled, unless a person insists.
    func begin(_ name: String, force: Bool) -> ListUpdate? {
        guard entries[name]?.declared.enabled == true else { return nil }
        if let update = running[name], update.force || !force { return update }
        let previous = last
        let number = (running[name]?.number ?? 0) + 1
        let task = Task {
            await previous?.value
            await self.update(name, force: force)
            self.end(name, number)
        }
        last = task
        let update = ListUpdate(task: task, force: force, number: number)
        running[name] = update
        return update
    }

    private func end(_ name: String, _ number: Int) {
        if running[name]?.number == number { running[name] = nil }
    }

    private func update(_ name: String, force: Bool) async {
        // What is in force decides what is asked and what is taken.
        if entries[name]?.isUnread == true { await load() }
        guard let entry = entries[name], entry.declared.enabled, !Task.isCancelled else { return }
        let declaration = entry.declaration
        entries[name]?.isUpdating = true
        publish()
        let result: Result<ListNews, any Error>
        do {
            result = .success(try await news(of: entry, force: force))
        } catch {
            result = .failure(error)
        }
        guard var entry = entries[name] else { return }
        entry.isUpdating = false
        if entry.declaration != declaration || !entry.declared.enabled {
            // Another revision came: what was read is not what is declared now.
            if entry.declared.enabled { entry.hurry(now: clock.now()) }
            entries[name] = entry
            return publish()
        }
        entries[name] = entry
        await conclude(name, result, force: force)
        entries[name]?.isUpdating = false
        publish()
    }

    /// Brings a new list into force, or notes why not.
    private func conclude(_ name: String, _ result: Result<ListNews, any Error>, force: Bool) async {
        do {
            guard let entry = entries[name] else { return }
            let now = clock.now()
            let store = store
            switch try result.get() {
            case .same(var record):
                record.updatedAt = now.seconds
                record.declaration = entry.declaration
                let confirmed = record
                try await LowPriorityThread.run { Result { try store.write(confirmed, of: name) } }.get()
                entries[name]?.succeed(nil, confirmed, timing: timing)
            case .text(let outcome, let validators):
                if !force, entry.isDeclared, case .url = entry.declared.source, let old = entry.list?.count,
                    outcome.list.count * 2 < old
                {
                    throw ListRefusal.shrunk(from: old, to: outcome.list.count)
                }
                var record = ListRecord(
                    declaration: entry.declaration, digest: "\(outcome.digest)", updatedAt: now)
                record.validators = validators
                let installed = record
                let list = try await LowPriorityThread.run {
                    Result { try store.install(outcome.list, installed) }
                }.get()
                guard entries[name]?.declaration == record.declaration else { return }
                entries[name]?.succeed(list, record, timing: timing)
                logger.info("list updated", metadata: ["list": "\(name)", "rules": "\(list.count)"])
            }
        } catch {
            if Task.isCancelled { return }
            entries[name]?.fail("\(error)", now: clock.now(), timing: timing)
            logger.warning("list not updated", metadata: ["list": "\(name)", "error": "\(error)"])
        }
    }
}
