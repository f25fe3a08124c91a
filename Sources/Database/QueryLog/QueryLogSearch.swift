import GRDB
import Model

/// Makes a page of the query log, from the newest segment to the oldest.
enum QueryLogSearch {
    static func page(_ filter: QueryLogFilter, limit: Int, offset: Int, _ db: Database) throws -> QueryLogPage {
        let segments = SegmentFilter(filter)
        var page = QueryLogPage(entries: [], total: 0, totalIsMinimum: false)
        var before = filter.before ?? .max
        while page.entries.count < limit || page.total <= QueryLogPage.countLimit {
            guard let head = try SegmentTable.head(before: before, db) else { break }
            before = head.first
            let match = try segments.match(head) { try SegmentTable.part($0, of: head, db) }
            let count = match.count(of: head.rows)
            let missing = limit - page.entries.count
            if count > 0, missing > 0, page.total + count > offset {
                let newest = count - max(0, offset - page.total)
                let chosen =
                    switch match {
                    case .none: [Int]()
                    case .all: Array(max(0, newest - missing)..<newest)
                    case .some(let indices): Array(indices[max(0, newest - missing)..<newest])
                    }
                let segment = try SegmentTable.segment(head, db)
                for index in chosen.reversed() {
                    page.entries.append(.init(id: head.first + Int64(index), row: try segment.row(index)))
                }
            }
            page.total += count
        }
        page.totalIsMinimum = page.total > QueryLogPage.countLimit
        page.total = min(page.total, QueryLogPage.countLimit)
        return page
    }
}
