import Gateway
import HTTPTypes
import Model
import Synchronization
import Testing

@testable import API

@Suite struct BlocklistTests {
    private static let ads = """
        kind: Blocklist
        name: ads
        url: https://lists.example.com/ads.txt   # the short one
        format: hosts

        """
    private static let files = ["dns/lists/ads.yaml": ads]
    private static let updated = Timestamp(seconds: 1_800_000_000)

    private func status(_ name: String, _ state: BlocklistStatus.State = .ready) -> BlocklistStatus {
        var status = BlocklistStatus(name: name, state: state)
        status.rules = 1000
        status.skipped = ["cosmetic": 3, "bad_address": 1]
        status.updatedAt = Self.updated
        return status
    }

    @Test func `a list is added, read with what became of it, changed and removed`() async throws {
        let gateway = try await TestGateway(Self.files)
        gateway.dns.state.withLock { $0.statuses = [status("ads")] }
        let made = try await gateway.call(
            .post, "/api/dns/blocklists",
            #"{"name": "spam", "url": "https://lists.example.com/spam.txt", "format": "wildcard_domains"}"#)
        #expect(made.status == 201, "\(made.message)")
        #expect(made.headers[.location] == "/api/dns/blocklists/spam")
        #expect(made.data["observed"]?["status"] == .string("missing"))
        let list = try await gateway.call(.get, "/api/dns/blocklists")
        #expect(list.json["total"] == .integer(2))
        #expect(list.json["data"].items.map { $0["name"].text } == ["ads", "spam"])
        let path = "/api/dns/blocklists/ads"
        let got = try await gateway.call(.get, path)
        #expect(got.headers[.eTag] == got.data["etag"].text && got.data == list.json["data"].items[0])
        #expect(
            got.data["observed"]
                == .object([
                    ("status", .string("ready")), ("domains", .integer(1000)),
                    ("skipped", .object([("bad_address", .integer(1)), ("cosmetic", .integer(3))])),
                    ("updated_at", .string(Self.updated.description)), ("next_update", .null), ("error", .null),
                ]))
        let commits = try gateway.commits()
        let same = try await gateway.call(.put, path, String(decoding: got.data.compactBytes(), as: UTF8.self))
        #expect(try same.status == 200 && same.data == got.data && gateway.commits() == commits)
        let off = try await gateway.call(.patch, path, #"{"enabled": false}"#)
        #expect(off.status == 200 && off.data["observed"]?["status"] == .string("disabled"))
        #expect(try gateway.directory.git("show", "HEAD:dns/lists/ads.yaml") + "\n" == Self.ads + "enabled: false\n")
        let moved = try await gateway.call(.put, path, #"{"url": null, "file": "lists/ads.txt", "enabled": null}"#)
        #expect(moved.data["url"] == .null && moved.data["file"] == .string("lists/ads.txt"), "\(moved.message)")
        let gone = try await gateway.call(.delete, path)
        #expect(gone.status == 200 && gone.data["name"] == .string("ads"))
        #expect(try await gateway.call(.get, path).status == 404)
    }

    @Test func `what is no list, is taken or is needed is refused`() async throws {
        let peer =
            "kind: Peer\nname: phone\ninterface: wg0\nip: [10.8.0.2]\ndns: {blocklists: [ads]}\n"
            + "public_key: \"6Nd5s0Yw6PHQd4lKyyIP+ebTZKbSXFA2TnQ1nGxGRUM=\"\n"
        let gateway = try await TestGateway(Self.files.merging(["peers/phone.yaml": peer]) { $1 })
        let commits = try gateway.commits()
        let path = "/api/dns/blocklists"
        for (body, status, field) in [
            (#"{"name": "ads", "url": "https://a.example/b", "format": "hosts"}"#, 409, ""),
            (#"{"name": "x", "format": "hosts"}"#, 422, ""),
            (#"{"name": "x", "url": "https://a.example/b"}"#, 422, "format"),
            (#"{"name": "x", "url": "http://a.example/b", "format": "hosts"}"#, 422, "url"),
            (#"{"name": "../x", "url": "https://a.example/b", "format": "hosts"}"#, 422, "name"),
            (#"{"name": "x", "url": "https://a.example/b", "file": "b", "format": "hosts"}"#, 422, "file"),
        ] {
            let answer = try await gateway.call(.post, path, body)
            #expect(answer.status == status, "\(body): \(answer.message)")
            guard !field.isEmpty else { continue }
            #expect(answer.json["details"]?["fields"].items.first?["field"].text == field, "\(body): \(answer.json)")
        }
        #expect(try await gateway.call(.put, "\(path)/ads", #"{"name": "x"}"#).status == 422)
        let needed = try await gateway.call(.delete, "\(path)/ads")
        #expect(needed.status == 409 && needed.message.contains("wg0/phone"))
        #expect(try await gateway.call(.delete, "\(path)/none").status == 404)
        #expect(try gateway.commits() == commits)
    }

    @Test func `an update that ends in time answers 200, another one 202`() async throws {
        let gateway = try await TestGateway(Self.files)
        gateway.dns.state.withLock { $0.statuses = [status("ads"), status("old", .disabled)] }
        let path = "/api/dns/blocklists/update"
        let done = try await gateway.call(.post, path, #"{"lists": ["ads"], "force": true}"#, headers: Self.json)
        #expect(done.status == 200, "\(done.message)")
        #expect(
            done.json["data"].items.map { $0.entries?.map(\.0) } == [
                ["name", "status", "domains", "skipped", "updated_at", "next_update", "error"]
            ])
        #expect(gateway.dns.state.withLock { $0.update?.names } == ["ads"])
        #expect(gateway.dns.state.withLock { $0.update?.force } == true)
        gateway.dns.state.withLock { state in
            state.updateTime = .seconds(120)
            state.statuses[0].state = .updating
        }
        let late = try await gateway.call(.post, "\(path)?wait=0")
        #expect(late.status == 202 && late.json["data"].items.map { $0["status"].text } == ["updating"])
        // The work goes on behind the answer, and may begin after it.
        let deadline = ContinuousClock.now + .seconds(60)
        while gateway.dns.state.withLock({ $0.update?.names }) != .some(nil), ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(gateway.dns.state.withLock { $0.update?.names } == .some(nil))
        let unknown = try await gateway.call(.post, path, #"{"lists": ["none"]}"#, headers: Self.json)
        #expect(unknown.status == 422 && unknown.message.contains("no blocklist \"none\""))
        #expect(try await gateway.call(.post, "\(path)?wait=61s").status == 400)
    }

    private static let json: HTTPFields = [.contentType: "application/json"]
}
