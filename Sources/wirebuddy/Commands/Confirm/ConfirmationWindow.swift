import ArgumentParser

/// How long a confirmation is waited for: `30s`, `5m`, or `0` for not at all.
struct ConfirmationWindow: ExpressibleByArgument, Sendable {
    let duration: Duration

    init?(argument: String) {
        if argument == "0" {
            duration = .zero
            return
        }
        // A day is longer than anybody waits, and as long as nothing newer is applied.
        guard let span = TimeSpan(argument: argument), span.seconds <= 86_400 else { return nil }
        duration = .seconds(span.seconds)
    }
}
