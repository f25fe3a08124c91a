import Gateway
import HTTPTypes
import Model
import Synchronization
import Testing

@testable import API

@Suite struct DNSOperationTests {
    private func gateway() async throws -> TestGateway {
        let gateway = try await TestGateway(DNSRuleTests.peers)
        gateway.dns.state.withLock { $0.rows = [row("wg0/phone"), row("wg0/tablet"), row("")] }
        return gateway
    }

    private func row(_ client: String) -> QueryLogRow {
        var row = QueryLogRow(
            time: Timestamp(seconds: 1_800_000_000), client: client,
            address: IPAddress(v4: client.isEmpty ? 0 : 0x0A08_0002), domain: "ad.example.com",
            type: 65, status: .blocked, reason: .blocklist, origin: .policy, responseCode: 3, microseconds: 84)
        row.rule = "ad.example.com"
        row.source = "ads:120"
        row.list = "ads"
        return row
    }

    @Test func `a row has the documented fields`() async throws {
        let gateway = try await gateway()
        let list = try await gateway.call(.get, "/api/dns/queries")
        #expect(list.json["total"] == .integer(3) && list.json["limit"] == .integer(100))
        #expect(list.json["total_is_minimum"] == .boolean(false))
        #expect(list.json["data"].items.map { $0["id"].number } == [3, 2, 1])
        #expect(
            list.text.contains(
                #"{"id":1,"time":"2027-01-15T08:00:00Z","client":"wg0/phone","client_ip":"10.8.0.2","#
                    + #""domain":"ad.example.com","type":"HTTPS","status":"blocked","reason":"blocklist","#
                    + #""rule":"ad.example.com","source":"ads:120","list":"ads","rcode":"NXDOMAIN","#
                    + #""origin":"policy","upstream":null,"duration_ms":0.084}"#))
        #expect(list.text.contains(#""client":null,"client_ip":null"#))
    }

    @Test(
        arguments: [
            (3, 11, "MD", "DSOTYPENI"), (261, 16, "RESINFO", "BADVERS"), (65280, 24, "TYPE65280", "RCODE24"),
        ] as [(UInt16, UInt16, String, String)])
    func `types and codes have the words of the commands`(
        type: UInt16, code: UInt16, typeWord: String, codeWord: String
    ) async throws {
        let gateway = try await gateway()
        var row = row("wg0/phone")
        (row.type, row.responseCode) = (type, code)
        gateway.dns.state.withLock { $0.rows = [row] }
        let shown = try await gateway.call(.get, "/api/dns/queries").json["data"].items[0]
        #expect(shown["type"] == .string(typeWord) && shown["rcode"] == .string(codeWord))
    }

    @Test func `filters are read, and refused when they are none`() async throws {
        let gateway = try await gateway()
        _ = try await gateway.call(
            .get,
            "/api/dns/queries?client=phone&domain=Example.COM.&status=blocked&from=2027-01-01T00:00:00Z"
                + "&to=2028-01-01T00:00:00Z&before=17&limit=5&offset=2")
        var filter = QueryLogFilter()
        filter.client = "phone"
        filter.domain = "example.com"
        filter.status = .blocked
        filter.from = Timestamp("2027-01-01T00:00:00Z")
        filter.to = Timestamp("2028-01-01T00:00:00Z")
        filter.before = 17
        #expect(gateway.dns.state.withLock { $0.filter } == filter)
        for query in ["status=x", "from=today", "before=-1", "before=x", "limit=0", "limit=101", "offset=-1"] {
            #expect(try await gateway.call(.get, "/api/dns/queries?\(query)").status == 400, "\(query)")
        }
    }

    @Test func `a user sees the queries of his own peers and sums without names`() async throws {
        let gateway = try await gateway()
        let list = try await gateway.call(.get, "/api/dns/queries", as: DNSRuleTests.alice)
        #expect(list.json["total"] == .integer(1) && list.json["data"].items[0]["client"] == .string("wg0/phone"))
        #expect(gateway.dns.state.withLock { $0.filter?.visibleClients } == ["wg0/phone"])
        let names = ["top_domains", "top_blocked", "top_clients"]
        let own = try await gateway.call(.get, "/api/dns/stats", as: DNSRuleTests.alice)
        #expect(own.status == 200 && names.allSatisfy { own.data[$0] == nil })
        let all = try await gateway.call(.get, "/api/dns/stats")
        #expect(names.allSatisfy { all.data[$0] != nil })
        for id in ["deleteDNSQueries", "pauseDNS", "resumeDNS", "flushDNSCache", "updateBlocklists", "createDNSRule"] {
            let operation = try #require(Operations.all.first { $0.id == id })
            #expect(operation.access == .admin, "\(id)")
        }
    }

    @Test func `statistics have the documented fields`() async throws {
        let gateway = try await gateway()
        gateway.dns.state.withLock { state in
            state.statistics.total = 3
            state.statistics.blocked = 1
            state.statistics.cached = 2
            state.statistics.topClients = [QueryStatistics.Count(name: "wg0/phone", queries: 2)]
            state.statistics.topDomains = [QueryStatistics.Count(name: "a.example", queries: 2)]
            state.statistics.trend = [.init(time: Timestamp(seconds: 1_799_996_400), total: 3, blocked: 1)]
            state.statuses = [
                BlocklistStatus(name: "ads", state: .ready), BlocklistStatus(name: "off", state: .disabled),
            ]
            state.statuses[0].rules = 10
            state.statuses[1].rules = 90
        }
        let stats = try await gateway.call(.get, "/api/dns/stats?window=7d")
        #expect(
            stats.text.contains(
                #""data":{"queries_total":3,"queries_blocked":1,"blocked_percent":33.3,"unique_domains":0,"#
                    + #""unique_clients":0,"blocklist_domains":10,"cache_hit_percent":66.7,"#
                    + #""top_domains":[{"domain":"a.example","queries":2}],"top_blocked":[],"#
                    + #""top_clients":[{"client":"wg0/phone","queries":2}],"#
                    + #""trend":[{"time":"2027-01-15T07:00:00Z","total":3,"blocked":1}]}"#), "\(stats.text)")
        let span = try #require(gateway.dns.state.withLock { $0.span })
        #expect(span.to.seconds - span.from.seconds == 7 * 86_400)
        for window in ["0h", "7", "367d", "x", ""] {
            #expect(try await gateway.call(.get, "/api/dns/stats?window=\(window)").status == 400, "\(window)")
        }
    }

    @Test func `a pause begins, is seen by whom it concerns, and ends`() async throws {
        let gateway = try await gateway()
        let json: HTTPFields = [.contentType: "application/json"]
        let path = "/api/dns/pause"
        let all = try await gateway.call(.post, path, #"{"duration": "1h"}"#, headers: json)
        #expect(all.status == 200 && all.data["client"] == .null && all.data["author"] == .string("admin"))
        let peer = try await gateway.call(.post, path, #"{"duration": "30m", "client": "tablet"}"#, headers: json)
        #expect(peer.data["client"] == .string("wg0/tablet"), "\(peer.message)")
        #expect(try await gateway.call(.get, path).data == .array([all.data, peer.data]))
        #expect(try await gateway.call(.get, path, as: DNSRuleTests.alice).data == .array([all.data]))
        for body in [
            #"{}"#, #"{"duration": "31d"}"#, #"{"duration": "x"}"#, #"{"duration": "1h", "client": "nobody"}"#,
        ] {
            #expect(try await gateway.call(.post, path, body, headers: json).status == 422, "\(body)")
        }
        #expect(try await gateway.call(.delete, "\(path)?client=tablet").data == .array([peer.data]))
        #expect(try await gateway.call(.delete, "\(path)?client=tablet").data == .array([]))
        #expect(try await gateway.call(.delete, path).data == .array([all.data]))
        #expect(try await gateway.call(.delete, path).data == .array([]))
    }

    @Test func `the pause of a peer that is gone ends by its name alone`() async throws {
        let gateway = try await gateway()
        let path = "/api/dns/pause"
        let pauses = [nil, "wg0/gone", "wg1/gone", "wg0/phone"].map {
            FilteringPauseEntry(client: $0, until: Timestamp(seconds: 1_900_000_000), author: "admin")
        }
        gateway.dns.state.withLock { $0.pauses = pauses }
        let unclear = try await gateway.call(.delete, "\(path)?client=gone")
        #expect(unclear.status == 409 && unclear.message.contains("wg0/gone or wg1/gone"), "\(unclear.message)")
        #expect(try await gateway.call(.delete, "\(path)?client=nobody").data == .array([]))
        let ended = try await gateway.call(.delete, "\(path)?client=wg0/gone")
        #expect(ended.data.items.map { $0["client"] } == [.string("wg0/gone")])
        #expect(gateway.dns.state.withLock { $0.pauses } == [pauses[0], pauses[2], pauses[3]])
    }

    @Test func `an explanation is that of the command, and shows a user his own peers`() async throws {
        let gateway = try await gateway()
        let rule = DNSExplanation.Rule(source: "ads:120", text: "a.example", layer: "blocklists", isImportant: false)
        gateway.dns.state.withLock { state in
            state.explanation.answers = [
                .init(clients: ["wg0/phone", "wg0/tablet"], decision: .block, reason: "a blocklist", rule: rule),
                .init(
                    clients: ["wg0/other"], decision: .rewrite, answers: ["10.0.0.1"], reason: "a rule for everybody"),
            ]
        }
        let all = try await gateway.call(.get, "/api/dns/explain?domain=a.example&client=phone&type=AAAA")
        #expect(
            gateway.dns.state.withLock { $0.question }
                == DNSQuestion(domain: "a.example", client: "phone", type: "AAAA"))
        #expect(
            all.text.contains(
                #""data":{"revision":"r","name":"a.example","type":"A","answers":[{"clients":["wg0/phone","wg0/tablet"],"#
                    + #""decision":"block","reason":"a blocklist","rule":{"source":"ads:120","text":"a.example","#
                    + #""layer":"blocklists","important":false},"overridden":[]},{"clients":["wg0/other"],"#
                    + #""decision":"rewrite","answers":["10.0.0.1"],"#), "\(all.text)")
        let own = try await gateway.call(.get, "/api/dns/explain?domain=a.example", as: DNSRuleTests.alice)
        #expect(own.data["answers"].items.map { $0["clients"].items } == [[.string("wg0/phone")]])
        gateway.dns.state.withLock { $0.explanation.answers = [$0.explanation.answers[1]] }
        let other = "/api/dns/explain?domain=a.example&client=wg0/other"
        #expect(try await gateway.call(.get, other, as: DNSRuleTests.alice).status == 404)
        #expect(try await gateway.call(.get, "/api/dns/explain").status == 400)
        gateway.dns.state.withLock {
            $0.failure = .invalidFields(kind: "", name: "", [InvalidField("type", "type is none")])
        }
        let refused = try await gateway.call(.get, "/api/dns/explain?domain=a.example&type=X")
        #expect(refused.status == 400 && refused.message == "type is none")
        gateway.dns.state.withLock { $0.failure = .notFound(kind: "Peer", name: "x", similar: []) }
        #expect(try await gateway.call(.get, "/api/dns/explain?domain=a.example&client=x").status == 404)
    }

    @Test func `log and cache are emptied, and a log that can't be read is said`() async throws {
        let gateway = try await gateway()
        #expect(try await gateway.call(.post, "/api/dns/flush").data == .object([("flushed", .integer(7))]))
        #expect(try await gateway.call(.delete, "/api/dns/queries").data == .object([("deleted", .boolean(true))]))
        #expect(try await gateway.call(.get, "/api/dns/queries").json["total"] == .integer(0))
        gateway.dns.state.withLock { $0.failure = .failed("the disk is full") }
        for path in ["/api/dns/queries", "/api/dns/stats", "/api/dns/pause"] {
            let answer = try await gateway.call(.get, path)
            #expect(answer.status == 500 && answer.message == "the disk is full", "\(path)")
        }
    }
}
