import Foundation
import Glibc
import Telemetry
import Testing

@Suite struct ProcessFiguresTests {
    @Test func theyAreThoseOfThisProcess() throws {
        let before = try #require(ProcessFigures.now())
        #expect(before.residentBytes > 1 << 20 && before.residentBytes < 1 << 36)
        #expect(before.virtualBytes >= before.residentBytes)
        #expect(before.threads >= 1)
        let started = try #require(before.startedAt)
        let age = Date().timeIntervalSince1970 - started
        #expect(age > -2 && age < 24 * 3600, "it began \(age) s ago")
        #expect(before.mostFiles ?? 0 > 16)
    }

    @Test func theyFollowWhatIsDone() throws {
        let before = try #require(ProcessFigures.now())
        let files = try (0..<64).map { _ in
            let file = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
            try #require(file >= 0)
            return file
        }
        // Real work, until the clock of the kernel has seen at least a fifth of a second of it.
        var sum: UInt64 = 1
        let deadline = ContinuousClock.now + .seconds(60)
        while let now = ProcessFigures.now(), now.cpuSeconds < before.cpuSeconds + 0.2,
            ContinuousClock.now < deadline
        {
            for number in 0..<100_000 { sum = sum &* 31 &+ UInt64(number) }
        }
        let after = try #require(ProcessFigures.now())
        for file in files { close(file) }
        #expect(sum != 0)
        #expect(after.cpuSeconds >= before.cpuSeconds + 0.2)
        #expect(after.startedAt == before.startedAt)
        // Other tests open and close files meanwhile.
        #expect(try #require(after.openFiles) >= 64)
    }

    @Test func theyAreWrittenByTheUsualNames() throws {
        var text = PrometheusText()
        text.add(try #require(ProcessFigures.now()))
        #expect(
            try MetricParser(text.bytes).families.map(\.name) == [
                "process_cpu_seconds_total", "process_resident_memory_bytes", "process_virtual_memory_bytes",
                "process_threads", "process_open_fds", "process_max_fds", "process_start_time_seconds",
            ])
    }
}
