import Model

/// Declared rules and the rows there are, paired by their ids. Both are in the order of rows: of thousands of rules only
/// those that differ cost more than a look.
struct DNSRulePairs {
    /// The rules that differ, by their position among the declared ones; with the row of their id, nil if there is none.
    private(set) var different: [(index: Int, row: ProjectedDNSRule?)] = []
    /// The rows of which no declared rule has the id, by their position.
    private(set) var left: [Int: ProjectedDNSRule] = [:]

    init(_ wanted: [ProjectedDNSRule], _ rows: [ProjectedDNSRule]) {
        var (index, position) = (0, 0)
        while index < wanted.count, position < rows.count {
            let (rule, row) = (wanted[index], rows[position])
            if rule == row {
                (index, position) = (index + 1, position + 1)
            } else if rule.id.utf8.elementsEqual(row.id.utf8) {
                different.append((index, row))
                (index, position) = (index + 1, position + 1)
            } else if ProjectedDNSRule.order(rule, row) {
                different.append((index, nil))
                index += 1
            } else {
                left[position] = row
                position += 1
            }
        }
        different += (index..<wanted.count).map { ($0, nil) }
        for position in position..<rows.count { left[position] = rows[position] }
    }
}
