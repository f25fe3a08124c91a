import ArgumentParser

/// The DNS forwarder alone, as the benchmark of DNS measures it.
@main
struct DNSServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The DNS forwarder alone, for benchmarks.", subcommands: [Serve.self, Echo.self])
}
