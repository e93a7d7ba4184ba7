import HeirloomDatasets

extension DataReport {
    /// The findings as lines for a person: the verdict, figures, origins, notes, warnings, and what is left out.
    ///
    /// - Parameter named: how many of the left out pictures are named, each in a line.
    public func lines(naming named: Int = 20) -> [String] {
        var lines = [verdict]
        func add(_ name: String, _ text: String) {
            lines.append("  " + name + String(repeating: " ", count: max(1, 12 - name.count)) + text)
        }
        for row in statistics?.rows ?? [] { add(row.name, row.text) }
        if !groups.isEmpty { add("kinds", CollectionStatistics.text(groups)) }
        for (index, source) in sources.prefix(12).enumerated() {
            add(index == 0 ? "from" : "", "\(source.name): \(source.count) (licence: \(source.licence))")
        }
        if sources.count > 12 { add("", "… and \(sources.count - 12) more origins") }
        if otherFiles > 0 { add("passed over", otherFiles == 1 ? "1 other file" : "\(otherFiles) other files") }
        lines += notes.map { "note: " + $0 }
        lines += warnings.map { "warning: " + $0 }
        if usable == 0, 2 * (count(.grey) + count(.toned)) > leftOut.count {
            lines.append(
                "note: Training needs colour photographs; black-and-white ones are for a trained model: "
                    + "heirloom colorize FOLDER -o RESULTS/")
        }
        lines += leftOut.prefix(named).map { "left out: \($0.path): \($0.detail)" }
        if leftOut.count > named { lines.append("… and \(leftOut.count - named) more") }
        return lines
    }
}
