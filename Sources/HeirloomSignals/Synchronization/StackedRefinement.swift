import Foundation
import HeirloomTensors

/// The last step of ``ClockRefinement``: the correlations of all windows are laid over each other along lines of every slope
/// and offset nearby; the line along which they add up to most is the clock. Windows that heard an echo first, which pull at
/// a line through peaks, add nothing here.
struct StackedRefinement {
    let refinement: ClockRefinement

    private static let rate = ClockRefinement.rate
    private static let oversampling = 4
    private static let window = 2.0
    private static let hop = 0.5
    /// How far offsets are searched, in seconds.
    private static let reach = 0.0025
    /// How far slopes are searched.
    private static let drift = 12e-6
    /// The blur laid over each curve, in seconds.
    private static let blur = 60e-6

    /// What the stack says.
    struct Result {
        var track: ClockTrack
        /// +1 or −1.
        let polarity: Int
    }

    func callAsFunction(_ track: ClockTrack) throws -> Result {
        let longest = track.stretches.map(\.length).max() ?? 0
        let share = min(1, longest / 3 / Self.window)
        let placed = refinement.windows(track, length: Self.window * share, hop: Self.hop * share)
        let times = placed.map { $0.start + Self.window * share / 2 }
        guard let first = times.min(), let last = times.max() else { return Result(track: track, polarity: 1) }
        if track.stretches.contains(where: { !$0.knots.isEmpty }) {
            return Result(track: track, polarity: try polarity(track, placed, share: share))
        }
        let half = max((last - first) / 2, 1e-3)
        let centre = (first + last) / 2
        let drift = min(Self.drift, Self.reach / half)
        let margin = Int(((2 * Self.reach + 0.0005) * Self.rate).rounded(.up))
        let curves = try refinement.correlator.curves(
            placed.map {
                WindowCorrelator.Window(
                    start: $0.start, piece: track.piece($0.stretch, at: $0.start + Self.window * share / 2))
            },
            length: Int(Self.window * share * Self.rate), margin: margin)
        let dense = Self.dense(curves, margin: margin)  // [N, width], lags −margin...margin at 64 kHz
        let fine = Self.rate * Double(Self.oversampling)
        let reach = Int(Self.reach * fine)
        let middle = margin * Self.oversampling
        // Slopes so close that the ends of the line move by a lag or less.
        let steps = min(200, max(1, Int((drift * half * fine).rounded(.up))))
        var best = (sum: -Double.infinity, slope: 0.0, offsets: [Double](repeating: 0, count: track.stretches.count))
        var still = -Double.infinity
        let indices = Tensor.range(from: 0, to: Double(2 * reach + 1)).to(dtype: .int64).reshaped([1, 2 * reach + 1])
        for step in -steps...steps {
            let slope = Double(step) / Double(steps) * drift
            let shifts = times.map { time in
                Int64(min(max((slope * (time - centre) * fine).rounded(), -Double(reach)), Double(reach)))
            }
            let origin = Tensor(shifts.map { $0 + Int64(middle - reach) }, shape: [placed.count, 1])
            let rows = dense.gathered(axis: 1, (indices + origin))
            var sum = 0.0
            var zero = 0.0
            var offsets: [Double] = []
            for stretch in track.stretches.indices {
                let members = placed.indices.filter { placed[$0].stretch == stretch }.map(Int64.init)
                guard !members.isEmpty else {
                    offsets.append(0)
                    continue
                }
                let stack = rows.gatheredRows(axis: 0, Tensor(members)).sum(axes: [0]).contiguous().scalars(
                    as: Float.self)
                let top = stack.indices.max { stack[$0] < stack[$1] } ?? reach
                sum += Double(stack[top])
                zero += Double(stack[reach])
                offsets.append((Double(top - reach) + Self.vertex(stack, top)) / fine)
            }
            if step == 0 { still = zero }
            if sum > best.sum { best = (sum, slope, offsets) }
        }
        var result = track
        if best.sum > 1.01 * still {
            result.rate += best.slope
            for stretch in result.stretches.indices {
                result.stretches[stretch].file += best.offsets[stretch] - best.slope * centre
            }
        }
        return Result(track: result, polarity: try polarity(result, placed, share: share))
    }

    /// How the sum of all windows' correlations points at the final lag.
    private func polarity(_ track: ClockTrack, _ placed: [ClockRefinement.Placed], share: Double) throws -> Int {
        let margin = 8
        let curves = try refinement.correlator.curves(
            placed.map {
                WindowCorrelator.Window(
                    start: $0.start, piece: track.piece($0.stretch, at: $0.start + Self.window * share / 2))
            },
            length: Int(Self.window * share * Self.rate), margin: margin)
        var sum = [Double](repeating: 0, count: 2 * margin + 1)
        for curve in curves { for index in curve.indices { sum[index] += Double(curve[index]) } }
        return (sum.max { abs($0) < abs($1) } ?? 0) < 0 ? -1 : 1
    }

    /// A parabola's top beside the highest sample.
    private static func vertex(_ values: [Float], _ top: Int) -> Double {
        guard top > 0, top < values.count - 1 else { return 0 }
        let bend = values[top - 1] - 2 * values[top] + values[top + 1]
        return bend < 0 ? Double(0.5 * (values[top - 1] - values[top + 1]) / bend) : 0
    }

    /// Magnitudes above twice their median, at four times the rate, blurred: `[N, width]`.
    private static func dense(_ curves: [[Float]], margin: Int) -> Tensor {
        let width = 2 * margin + 1
        let values = Tensor(curves.flatMap { $0 }, shape: [curves.count, width])
        // Sinc interpolation with the ends left as they are: they are noise, and never reached by the search.
        let count = (width - 1) * oversampling + 1
        var matrix = [Float](repeating: 0, count: width * count)
        for lag in 0..<width {
            for place in 0..<count {
                let distance = Double(place) / Double(oversampling) - Double(lag)
                guard abs(distance) < 16 else { continue }
                let angle = Double.pi * distance
                let window = cos(angle / 32)
                matrix[lag * count + place] = Float((angle == 0 ? 1 : sin(angle) / angle) * window * window)
            }
        }
        let fine = values.matmul(Tensor(matrix, shape: [width, count])).abs()
        let median = fine.median(axis: 1, keepingDimensions: true)
        let raised = (fine / (median + 1e-20) - 2).clamped(to: 0...)
        let sigma = blur * rate * Double(oversampling)
        let radius = Int((3 * sigma).rounded(.up))
        let gauss = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
        let norm = gauss.reduce(0, +)
        let padded = raised.padded([radius, radius])
        var result = Tensor.zeros([curves.count, count])
        for (index, weight) in gauss.enumerated() {
            result += padded.sliced(axis: 1, from: index, to: index + count) * (weight / norm)
        }
        return result
    }
}
