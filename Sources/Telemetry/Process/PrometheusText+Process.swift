extension PrometheusText {
    /// Writes the figures of a process by the names that all programs use for them.
    public mutating func add(_ process: ProcessFigures) {
        single(
            "process_cpu_seconds_total", .counter, "Time that the process ran, in user and kernel mode.",
            .number(process.cpuSeconds))
        single(
            "process_resident_memory_bytes", .gauge, "Memory of the process that is present.",
            MetricValue(process.residentBytes))
        single(
            "process_virtual_memory_bytes", .gauge, "Memory of the process that is mapped.",
            MetricValue(process.virtualBytes))
        single("process_threads", .gauge, "Threads of the process.", MetricValue(process.threads))
        single(
            "process_open_fds", .gauge, "Open file descriptors of the process.", process.openFiles.map(MetricValue.init)
        )
        single(
            "process_max_fds", .gauge, "File descriptors that the process may open.",
            process.mostFiles.map(MetricValue.init))
        single(
            "process_start_time_seconds", .gauge, "When the process began, in seconds of the epoch.",
            process.startedAt.map { .number($0) })
    }
}
