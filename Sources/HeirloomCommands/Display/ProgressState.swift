import Foundation
import HeirloomRestoration

/// What a progress line shows, whatever kind of job it comes from.
struct ProgressState: Sendable {
    var item: String
    var place: String?
    var unit: String
    var completed: Int
    var total: Int?
    var rate: Double?
    var elapsed: Duration
    var remaining: Duration?
    var residentBytes: Int?
    var detail: String?

    /// The state of a restoration job.
    init(_ progress: JobProgress) {
        item = progress.item.split(separator: "/").last.map(String.init) ?? progress.item
        place = progress.itemCount > 1 ? "\(progress.itemIndex + 1)/\(progress.itemCount)" : nil
        unit = progress.unit
        completed = progress.completed
        total = progress.total
        rate = progress.rate
        elapsed = progress.elapsed
        remaining = progress.remaining
        residentBytes = progress.residentBytes
    }

    /// The state of another kind of job.
    init(
        item: String, unit: String, completed: Int, total: Int?, rate: Double?, elapsed: Duration,
        remaining: Duration?, residentBytes: Int?, detail: String? = nil
    ) {
        self.item = item
        self.unit = unit
        self.completed = completed
        self.total = total
        self.rate = rate
        self.elapsed = elapsed
        self.remaining = remaining
        self.residentBytes = residentBytes
        self.detail = detail
    }

    /// `film.mp4  [█████·····]  52 %  120/230 frames  8.1/s  0:14 left  812 MB`
    func line(bar: Bool) -> String {
        var parts = [place.map { "\($0) \(item)" } ?? item]
        if let total, total > 0 {
            let fraction = min(1, Double(completed) / Double(total))
            if bar {
                let filled = Int((fraction * 20).rounded())
                parts.append(
                    "[" + String(repeating: "█", count: filled) + String(repeating: "·", count: 20 - filled) + "]")
            }
            parts.append("\(Int(fraction * 100)) %")
        }
        parts.append("\(completed)\(total.map { "/\($0)" } ?? "") \(unit)")
        if let rate, rate >= 0.1 || rate == 0 {
            parts.append(String(format: "%.1f/s", rate))
        } else if let rate {
            parts.append(String(format: "%.0f s each", 1 / rate))
        }
        if let remaining { parts.append(remaining.clock + " left") }
        if let residentBytes { parts.append("\(residentBytes >> 20) MB") }
        if let detail { parts.append(detail) }
        return parts.joined(separator: "  ")
    }

    /// One JSON object and a line feed; `state` is `running`, `done`, `failed` or `stopped`.
    func json(state: String) -> String {
        var object: [String: Any] = [
            "state": state, "file": item, "unit": unit, "completed": completed, "elapsed": elapsed.inSeconds,
        ]
        object["total"] = total
        object["rate"] = rate
        object["remaining"] = remaining?.inSeconds
        object["residentBytes"] = residentBytes
        object["detail"] = detail
        guard let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]) else { return "" }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}

extension Duration {
    /// The duration in seconds.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }

    /// `1:02:03`, or `2:03` under an hour.
    var clock: String {
        let total = Int(components.seconds)
        let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60)
        return hours > 0
            ? String(format: "%d:%02d:%02d", hours, minutes, seconds) : String(format: "%d:%02d", minutes, seconds)
    }
}
