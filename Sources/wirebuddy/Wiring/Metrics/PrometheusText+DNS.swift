import DNSForwarder
import Database
import Model
import Telemetry

extension PrometheusText {
    /// Writes what the forwarder did.
    mutating func add(_ dns: DNSFigures) {
        addQueries(dns.forwarder)
        addUpstreams(dns.upstreams)
        addBlocklists(dns.blocklists)
        family("wirebuddy_dns_listener_up", .gauge, "Whether the forwarder answers at a place.") {
            for listener in dns.listeners {
                $0.add(MetricValue(listener.isListening), MetricLabels(["listener": listener.place]))
            }
        }
        family(
            "wirebuddy_dns_query_log_rows_total", .counter, "Rows of the query log, by what became of them."
        ) {
            $0.add(MetricValue(dns.log.written), MetricLabels(["result": "written"]))
            $0.add(MetricValue(dns.log.dropped), MetricLabels(["result": "dropped"]))
        }
    }

    private mutating func addQueries(_ counters: ForwarderCounters) {
        single(
            "wirebuddy_dns_messages_total", .counter, "Messages that came, of whatever kind.",
            MetricValue(counters.queries))
        single(
            "wirebuddy_dns_queries_total", .counter, "Queries of peers that were answered, also with a failure.",
            MetricValue(counters.answered))
        single(
            "wirebuddy_dns_queries_blocked_total", .counter, "Queries that were blocked.", MetricValue(counters.blocked)
        )
        single(
            "wirebuddy_dns_cache_hits_total", .counter, "Queries that the cache answered.",
            MetricValue(counters.cacheHits))
        single(
            "wirebuddy_dns_stale_answers_total", .counter,
            "Answers that were past their time, because no upstream answered.", MetricValue(counters.stale))
        single(
            "wirebuddy_dns_queries_failed_total", .counter, "Queries that no upstream answered in time.",
            MetricValue(counters.failed))
        single(
            "wirebuddy_dns_renewals_total", .counter, "Answers that were asked for again before their time was over.",
            MetricValue(counters.renewed))
        family("wirebuddy_dns_refused_total", .counter, "What was not answered as asked, by why.") {
            let reasons: [(String, Int)] = [
                ("unknown-client", counters.refusedUnknown), ("rate-limit", counters.rateLimited),
                ("overload", counters.overloaded), ("malformed", counters.malformed), ("no-query", counters.dropped),
                ("connections", counters.refusedConnections),
            ]
            for (reason, count) in reasons { $0.add(MetricValue(count), MetricLabels(["reason": reason])) }
        }
        single(
            "wirebuddy_dns_connections_total", .counter, "TCP connections that were taken.",
            MetricValue(counters.connections))
        single(
            "wirebuddy_dns_cache_entries", .gauge, "Answers in the cache.", MetricValue(counters.cacheEntries))
    }

    private mutating func addUpstreams(_ counters: UpstreamCounters) {
        family("wirebuddy_dns_upstream_requests_total", .counter, "Questions for upstreams, by what became of them.") {
            $0.add(MetricValue(counters.answered), MetricLabels(["result": "answered"]))
            $0.add(MetricValue(counters.unanswered), MetricLabels(["result": "unanswered"]))
        }
        family("wirebuddy_dns_upstream_failures_total", .counter, "Attempts at upstreams that failed, by how.") {
            $0.add(MetricValue(counters.timedOut), MetricLabels(["reason": "timeout"]))
            $0.add(MetricValue(counters.failed), MetricLabels(["reason": "error"]))
            $0.add(MetricValue(counters.mismatched), MetricLabels(["reason": "mismatch"]))
            $0.add(MetricValue(counters.overflowed), MetricLabels(["reason": "overflow"]))
        }
        single(
            "wirebuddy_dns_upstream_queries_total", .counter, "Queries sent to upstreams, each attempt for itself.",
            MetricValue(counters.sent))
        single(
            "wirebuddy_dns_upstream_merged_total", .counter, "Questions that joined an equal one.",
            MetricValue(counters.merged))
        single(
            "wirebuddy_dns_upstream_tcp_retries_total", .counter, "Queries that were asked again over TCP.",
            MetricValue(counters.retriedOverTCP))
        family(
            "wirebuddy_dns_upstream_connections_total", .counter,
            "Connections to upstreams, by whether they were there."
        ) {
            $0.add(MetricValue(counters.connectionsOpened), MetricLabels(["state": "opened"]))
            $0.add(MetricValue(counters.connectionsReused), MetricLabels(["state": "reused"]))
        }
    }

    private mutating func addBlocklists(_ lists: [BlocklistStatus]) {
        let lists = lists.filter { $0.state != .disabled }
        family("wirebuddy_dns_blocklist_rules", .gauge, "Rules and names of a blocklist that are in force.") {
            for list in lists { $0.add(MetricValue(list.rules), MetricLabels(["list": list.name])) }
        }
        family("wirebuddy_dns_blocklist_ready", .gauge, "Whether the newest text of a blocklist is in force.") {
            for list in lists {
                $0.add(MetricValue(list.error == nil && list.state != .missing), MetricLabels(["list": list.name]))
            }
        }
        family(
            "wirebuddy_dns_blocklist_updated_timestamp_seconds", .gauge,
            "When the text in force was read or confirmed, in seconds of the epoch."
        ) {
            for list in lists {
                guard let updated = list.updatedAt else { continue }
                $0.add(MetricValue(updated.seconds), MetricLabels(["list": list.name]))
            }
        }
    }
}
