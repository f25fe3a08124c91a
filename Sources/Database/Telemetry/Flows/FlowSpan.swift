/// The hours and days that a span of time is made of: whole days as far as there are, hours at its ends. Where hours were
/// deleted it is widened to the day.
struct FlowSpan: Equatable {
    /// The hours at the ends.
    private(set) var hours: [Range<Int64>] = []
    /// The days between; nil: none.
    private(set) var days: Range<Int64>?
    /// All of it in hours.
    let all: Range<Int64>

    /// - Parameters:
    ///   - hours: The span, not empty.
    ///   - deleted: Hours before it were deleted; nil: none were.
    init(hours: Range<Int64>, deleted: Int64?) {
        let day = Bucket.hoursOfDay
        let lastDay = Bucket.day(ofHour: hours.upperBound - 1)
        let isKept = { (hour: Int64) in hour >= deleted ?? hour }
        let start = isKept(hours.lowerBound) ? hours.lowerBound : Bucket.day(ofHour: hours.lowerBound) * day
        // The first hour of the last day that is needed.
        let end = isKept(max(start, lastDay * day)) ? hours.upperBound : (lastDay + 1) * day
        all = start..<end
        let firstWhole = Bucket.day(ofHour: start + day - 1)
        let endWhole = Bucket.day(ofHour: end)
        guard firstWhole <= endWhole else {
            self.hours = [all]
            return
        }
        if firstWhole < endWhole { days = firstWhole..<endWhole }
        self.hours = [start..<firstWhole * day, endWhole * day..<end].filter { !$0.isEmpty }
    }
}
