import DNSPolicy
import Testing

@testable import DNSForwarder

@Suite struct AnswerCacheTests {
    private let start = ContinuousClock.now

    private func key(_ name: String) throws -> AnswerCache.Key {
        AnswerCache.Key(name: try DomainName(text: name), type: .a, isDNSSECOK: false, isCheckingDisabled: false)
    }

    private func stored(_ answer: Answer, _ cache: AnswerCache, at seconds: Int) throws -> Bool {
        cache.store(answer, for: try key("x.example"), now: start)
        return cache.answer(for: try key("x.example"), now: start.advanced(by: .seconds(seconds))) != nil
    }

    /// RFC 2308, 5: without an SOA record a negative answer is not kept; its time is the smaller of two.
    @Test func negativeAnswers() throws {
        let cache = AnswerCache(maxEntries: 10, maxBytes: 10_000, ttl: 0...86_400)
        #expect(try !stored(Answer(.nameError), cache, at: 0))
        #expect(try !stored(Answer(.noError), cache, at: 0))
        #expect(try !stored(Answer(.serverFailure, authority: [TestPipeline.soa("example")]), cache, at: 0))
        #expect(try !stored(Answer(.refused), cache, at: 0))
        let negative = Answer(.nameError, authority: [try TestPipeline.soa("example", ttl: 600, minimum: 60)])
        #expect(try stored(negative, cache, at: 59))
        #expect(try !stored(negative, cache, at: 60))
        let other = Answer(.noError, authority: [try TestPipeline.soa("example", ttl: 30, minimum: 60)])
        #expect(try stored(other, cache, at: 29))
        #expect(try !stored(other, cache, at: 30))
        let alias = Answer(
            .nameError, answers: [try TestPipeline.cname("x.example", "y.example", ttl: 5)],
            authority: [try TestPipeline.soa("example")])
        #expect(try stored(alias, cache, at: 4))
        #expect(try !stored(alias, cache, at: 5))
    }

    @Test func timesAreBroughtIntoTheRange() throws {
        let cache = AnswerCache(maxEntries: 10, maxBytes: 10_000, ttl: 20...100)
        #expect(try stored(Answer(answers: [TestPipeline.address("x.example", "198.51.100.1", ttl: 1)]), cache, at: 19))
        #expect(
            try !stored(Answer(answers: [TestPipeline.address("x.example", "198.51.100.1", ttl: 1)]), cache, at: 20))
        #expect(
            try !stored(Answer(answers: [TestPipeline.address("x.example", "198.51.100.1", ttl: 1000)]), cache, at: 100)
        )
        let none = AnswerCache(maxEntries: 10, maxBytes: 10_000, ttl: 0...100)
        #expect(try !stored(Answer(answers: [TestPipeline.address("x.example", "198.51.100.1", ttl: 0)]), none, at: 0))
    }

    @Test func theSizeIsBounded() throws {
        let cache = AnswerCache(maxEntries: 100, maxBytes: 1_000_000, ttl: 0...86_400)
        for number in 0..<1000 {
            let name = "n\(number).example"
            cache.store(
                Answer(answers: [try TestPipeline.address(name, "198.51.100.1")]), for: try key(name), now: start)
            // What is asked for again and again stays.
            if number > 0 { #expect(cache.answer(for: try key("n0.example"), now: start) != nil) }
            #expect(cache.count <= 100)
        }
        let small = AnswerCache(maxEntries: 1000, maxBytes: 4000, ttl: 0...86_400)
        for number in 0..<1000 {
            let name = "n\(number).example"
            small.store(
                Answer(answers: [try TestPipeline.address(name, "198.51.100.1")]), for: try key(name), now: start)
        }
        #expect(small.count < 20)
        #expect(small.count > 2)
        let none = AnswerCache(maxEntries: 0, maxBytes: 4000, ttl: 0...86_400)
        #expect(try !stored(Answer(answers: [TestPipeline.address("x.example", "198.51.100.1")]), none, at: 0))
    }

    @Test func forgettingEverything() throws {
        let cache = AnswerCache(maxEntries: 100, maxBytes: 1_000_000, ttl: 0...86_400)
        #expect(try stored(Answer(answers: [TestPipeline.address("x.example", "198.51.100.1")]), cache, at: 1))
        cache.removeAll()
        #expect(cache.count == 0)
        #expect(cache.answer(for: try key("x.example"), now: start) == nil)
    }

    /// What is asked for a second time and once more near its end is to be renewed, by one of those who find it.
    @Test func popularAnswersAreRenewed() throws {
        let (found, key) = (
            Answer(answers: [try TestPipeline.address("x.example", "198.51.100.1", ttl: 100)]), try key("x.example")
        )
        let at = { (seconds: Double) in start.advanced(by: .seconds(seconds)) }
        func renewals(_ cache: AnswerCache, _ times: [Double]) -> [Bool?] {
            cache.store(found, for: key, now: start)
            return times.map { cache.answer(for: key, now: at($0))?.isToBeRenewed }
        }
        let renewing = { AnswerCache(maxEntries: 10, maxBytes: 10_000, ttl: 0...86_400, isRenewing: true) }
        #expect(renewals(renewing(), [1, 89.9, 90, 91, 99.9, 100]) == [false, false, true, false, false, nil])
        #expect(renewals(renewing(), [95, 96, 97]) == [false, true, false])
        let off = AnswerCache(maxEntries: 10, maxBytes: 10_000, ttl: 0...86_400)
        #expect(renewals(off, [1, 95, 99]) == [false, false, false])
        let short = renewing()
        short.store(
            Answer(answers: [try TestPipeline.address("x.example", "198.51.100.1", ttl: 1)]), for: key, now: start)
        #expect([0.1, 0.5, 0.9].map { short.answer(for: key, now: at($0))?.isToBeRenewed } == [false, false, false])
        let cache = renewing()
        cache.store(found, for: key, now: start)
        #expect(cache.answer(for: key, now: at(1))?.expiry == at(90))
        #expect(cache.answer(for: key, now: at(95))?.expiry == at(100))
    }

    /// RFC 8767: an answer past its time says so, has a short time, and keeps the upstreams from being asked for that.
    @Test func staleAnswers() throws {
        let key = try key("x.example")
        let at = { (seconds: Double) in start.advanced(by: .seconds(seconds)) }
        for generation in 0..<2 {
            let cache = AnswerCache(maxEntries: 4, maxBytes: 10_000, ttl: 0...86_400, stale: .seconds(1000))
            cache.store(
                Answer(answers: [try TestPipeline.address("x.example", "198.51.100.1", ttl: 100)]), for: key, now: start
            )
            if generation == 1 {
                let other = Answer(answers: [try TestPipeline.address("y.example", "198.51.100.1", ttl: 100)])
                cache.store(other, for: try self.key("y.example"), now: start)
            }
            #expect(cache.staleAnswer(for: key, now: at(99))?.answer.error == nil)
            #expect(cache.answer(for: key, now: at(100)) == nil)
            #expect(cache.hasStaleAnswer(for: key, now: at(100)))
            let stale = try #require(cache.staleAnswer(for: key, now: at(200)))
            #expect(stale.answer.error == ExtendedError(.staleAnswer))
            #expect(stale.answer.answers.map(\.ttl) == [30])
            let again = try #require(cache.answer(for: key, now: at(229)))
            #expect(again.answer == stale.answer)
            #expect(again.age == 29)
            #expect(cache.answer(for: key, now: at(230)) == nil)
            #expect(cache.staleAnswer(for: key, now: at(1090))?.expiry == at(1100))
            #expect(cache.staleAnswer(for: key, now: at(1100)) == nil)
        }
        let never = AnswerCache(maxEntries: 4, maxBytes: 10_000, ttl: 0...86_400)
        never.store(
            Answer(answers: [try TestPipeline.address("x.example", "198.51.100.1", ttl: 100)]), for: key, now: start)
        #expect(never.staleAnswer(for: key, now: at(100)) == nil)
    }
}
