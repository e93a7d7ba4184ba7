import Foundation

/// A number as a function of progress 0...1 through a run: pure, composable, tested without a model.
public struct Schedule: Sendable {
    private let function: @Sendable (Double) -> Double

    /// Wraps a function of progress.
    public init(_ function: @escaping @Sendable (Double) -> Double) { self.function = function }

    /// The value at a progress; progress outside 0...1 is taken as the nearer end.
    public func callAsFunction(_ progress: Double) -> Double { function(min(max(progress, 0), 1)) }

    /// One value throughout.
    public static func constant(_ value: Double) -> Schedule { Schedule { _ in value } }

    /// A straight line.
    public static func linear(from start: Double, to end: Double) -> Schedule {
        Schedule { start + ($0 * (end - start)) }
    }

    /// Half a cosine wave: level at both ends.
    public static func cosine(from start: Double, to end: Double) -> Schedule {
        Schedule { end + (start - end) / 2 * (1 + cos(.pi * $0)) }
    }

    /// A constant factor per unit of progress.
    /// - Precondition: Both ends have the same sign and neither is 0.
    public static func exponential(from start: Double, to end: Double) -> Schedule {
        precondition(start * end > 0, "an exponential schedule from \(start) to \(end)")
        return Schedule { start * pow(end / start, $0) }
    }

    /// `end + (start − end) · (1 − progress)^power`.
    public static func polynomial(from start: Double, to end: Double, power: Double) -> Schedule {
        Schedule { end + (start - end) * pow(1 - $0, power) }
    }

    /// Schedules one after the other, each over its part of the progress.
    /// - Precondition: The parts are not negative and their sum is 1.
    public static func sequence(_ pieces: [(part: Double, schedule: Schedule)]) -> Schedule {
        let total = pieces.reduce(0) { $0 + $1.part }
        precondition(abs(total - 1) < 1e-9 && pieces.allSatisfy { $0.part >= 0 }, "parts with the sum \(total)")
        return Schedule { progress in
            var start = 0.0
            for (part, schedule) in pieces.dropLast() {
                if progress < start + part { return schedule((progress - start) / part) }
                start += part
            }
            guard let last = pieces.last else { return 0 }
            return last.schedule(last.part > 0 ? (progress - start) / last.part : 1)
        }
    }
}
