import Foundation

/// Numbers as a report shows them, the same in every country.
enum ReportNumbers {
    /// "0:07", "1:02:03".
    static func clock(_ seconds: Double) -> String {
        let whole = Int(max(seconds, 0).rounded(.down))
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        let tail = rest < 10 ? "0\(rest)" : "\(rest)"
        guard hours > 0 else { return "\(minutes):\(tail)" }
        return "\(hours):\(minutes < 10 ? "0" : "")\(minutes):\(tail)"
    }

    /// "12,345".
    static func count(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var result = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return (number < 0 ? "−" : "") + result
    }

    /// "1,234 frames", "1 frame".
    static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(count(number)) \(number == 1 ? one : many)"
    }

    /// So many digits behind the point, with a true minus, and never "−0.0".
    static func fixed(_ value: Double, _ digits: Int) -> String {
        let text = String(format: "%.\(digits)f", locale: Locale(identifier: "en_US_POSIX"), abs(value))
        let isZero = !text.contains { $0 != "0" && $0 != "." }
        return value < 0 && !isZero ? "−\(text)" : text
    }

    /// "−12.3 ms".
    static func milliseconds(_ seconds: Double) -> String { "\(fixed(seconds * 1000, 1)) ms" }

    /// "1.2 MB".
    static func bytes(_ count: Int64) -> String {
        let steps: [(Double, String)] = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
        for (size, name) in steps where Double(count) >= size { return "\(fixed(Double(count) / size, 1)) \(name)" }
        return "\(count) bytes"
    }

    /// "8.2 seconds", "3 minutes 20 seconds", "2 hours 5 minutes".
    static func span(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(fixed(seconds, 1)) seconds" }
        func part(_ number: Int, _ name: String) -> String { "\(number) \(name)\(number == 1 ? "" : "s")" }
        if whole < 3600 { return "\(part(whole / 60, "minute")) \(part(whole % 60, "second"))" }
        return "\(part(whole / 3600, "hour")) \(part(whole / 60 % 60, "minute"))"
    }
}
