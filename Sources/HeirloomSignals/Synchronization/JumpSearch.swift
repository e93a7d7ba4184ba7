import Foundation
import HeirloomTensors

/// Finds where a recorder lost buffers or put in silence: the lag of window after window, as one path through the best lags
/// of each (Viterbi 1967), which changes its lag only where the evidence pays for it.
struct JumpSearch {
    let correlator: WindowCorrelator
    /// The smallest jump believed, in seconds.
    let minimumJump: Double

    private static let rate = Double(AnalysisSamples.sampleRate)
    /// The largest jump, in seconds.
    static let reach = 1.5
    private static let maximumWindows = 800

    private struct State {
        let lag: Double
        let quality: Double
    }

    /// The stretches between jumps.
    ///
    /// - Parameters:
    ///   - track: one line.
    ///   - overlap: where both recordings run, in reference seconds.
    func callAsFunction(_ track: ClockTrack, overlap: ClosedRange<Double>) throws -> ClockTrack {
        let span = overlap.upperBound - overlap.lowerBound
        let length = 3.0
        guard span >= 4 * length else { return track }
        let step = max(0.75, (span - length) / Double(Self.maximumWindows))
        let hop = (step * Self.rate).rounded() / Self.rate
        let starts = Array(
            stride(
                from: (overlap.lowerBound * Self.rate).rounded(.up) / Self.rate, through: overlap.upperBound - length,
                by: hop))
        let states = try states(track, starts: starts, length: length)
        let path = Self.path(states, hop: hop)
        var runs = Self.runs(path, minimumJump: minimumJump, hop: hop)
        runs = merged(runs, path)
        guard runs.count > 1 else { return track }
        var result = track
        result.stretches = runs.enumerated().map { index, run in
            let from = index == 0 ? overlap.lowerBound : starts[run.windows.lowerBound] + length / 2
            let to = index == runs.count - 1 ? overlap.upperBound : starts[run.windows.upperBound] + length / 2
            return ClockTrack.Stretch(range: from...max(to, from), file: track.stretches[0].file + run.lag)
        }
        return result
    }

    /// The lags that each window may have: its own peaks, and those that other windows found, which its own noise may hide.
    private func states(_ track: ClockTrack, starts: [Double], length: Double) throws -> [[State]] {
        let margin = Int(Self.reach * Self.rate)
        let piece = track.piece(0, at: starts[0])
        var peaks: [[State]] = []
        try correlator.correlate(
            starts.map { WindowCorrelator.Window(start: $0, piece: piece) }, length: Int(length * Self.rate),
            margin: margin
        ) { _, curves in
            let curves = curves.abs()
            for row in 0..<curves.shape[0] {
                let curve = curves.sliced(axis: 0, from: row, to: row + 1)
                let median = 0.6745 * curve.squared().mean().item().squareRoot()
                peaks.append(
                    CoarseSearch.highest(curve, count: 8, distance: 32).map {
                        State(
                            lag: Double($0.index - margin) / Self.rate,
                            quality: median > 0 ? Double($0.height) / median : 0)
                    })
            }
        }
        let common = Self.commonLags(peaks)
        return peaks.map { own in
            var states = Array(own.prefix(4))
            for lag in common where !states.contains(where: { abs($0.lag - lag) < 0.003 }) {
                // Not among the four best: somewhere below the last peak kept.
                let near = own.first { abs($0.lag - lag) < 0.003 }
                states.append(near ?? State(lag: lag, quality: 3))
            }
            return states.map { State(lag: $0.lag, quality: max($0.quality, 1)) }
        }
    }

    /// Lags named by several windows, at most six.
    private static func commonLags(_ peaks: [[State]]) -> [Double] {
        let best = peaks.flatMap { $0.prefix(2) }.filter { $0.quality > 5 }
        var left = best
        var result: [Double] = []
        while result.count < 6 {
            let scored = left.map { centre in
                (centre.lag, left.reduce(0) { abs($1.lag - centre.lag) < 0.002 ? $0 + $1.quality : $0 })
            }
            guard let top = scored.max(by: { $0.1 < $1.1 }), left.count(where: { abs($0.lag - top.0) < 0.002 }) >= 3
            else { break }
            result.append(top.0)
            left.removeAll { abs($0.lag - top.0) < 0.003 }
        }
        return result
    }

    /// The path of most evidence.
    private static func path(_ states: [[State]], hop: Double) -> [State] {
        // A clock may drift on between windows that lie far apart.
        let small = 0.0015 + 100e-6 * max(0, hop - 0.75)
        var scores: [[Double]] = []
        var origins: [[Int]] = []
        for (window, list) in states.enumerated() {
            var sums: [Double] = []
            var from: [Int] = []
            for state in list {
                var best = (sum: window == 0 ? 0 : -Double.infinity, origin: 0)
                if window > 0 {
                    for (index, before) in states[window - 1].enumerated() {
                        let step = abs(state.lag - before.lag)
                        let cost = step < small ? -0.3 * step / small : -6
                        let sum = scores[window - 1][index] + cost
                        if sum > best.sum { best = (sum, index) }
                    }
                }
                sums.append(best.sum + 2 * log(state.quality))
                from.append(best.origin)
            }
            scores.append(sums)
            origins.append(from)
        }
        guard let last = scores.last, var place = last.indices.max(by: { last[$0] < last[$1] }) else { return [] }
        var path: [State] = []
        for window in states.indices.reversed() {
            path.append(states[window][place])
            place = origins[window][place]
        }
        return path.reversed()
    }

    private struct Run {
        var windows: ClosedRange<Int>
        var lag: Double
    }

    /// Stretches of the path without a jump.
    private static func runs(_ path: [State], minimumJump: Double, hop: Double) -> [Run] {
        var runs: [Run] = []
        for index in path.indices {
            if let last = runs.last, abs(path[index].lag - path[last.windows.upperBound].lag) < 0.005 {
                runs[runs.count - 1].windows = last.windows.lowerBound...index
            } else {
                runs.append(Run(windows: index...index, lag: path[index].lag))
            }
        }
        return runs.map { Run(windows: $0.windows, lag: middle(path[$0.windows].map(\.lag))) }
    }

    /// Only runs with evidence of their own stay; the others' windows belong to nobody.
    private func merged(_ runs: [Run], _ path: [State]) -> [Run] {
        let usual = max(Self.middle(path.map(\.quality)), 5)
        var kept = runs.filter { run in path[run.windows].count { $0.quality > usual } >= 3 }
        var index = 1
        while index < kept.count {
            let jump = abs(kept[index].lag - kept[index - 1].lag)
            // Back to where it was by a way shorter than a large room: another talker, not the clock.
            let isTurn =
                index + 1 < kept.count && jump < 0.02
                && abs(kept[index + 1].lag - kept[index - 1].lag) < 0.002
            if jump < minimumJump || isTurn {
                let last = isTurn ? index + 1 : index
                kept[index - 1].windows = kept[index - 1].windows.lowerBound...kept[last].windows.upperBound
                kept[index - 1].lag = Self.middle(path[kept[index - 1].windows].map(\.lag))
                kept.removeSubrange(index...last)
                index = max(1, index - 1)
            } else {
                index += 1
            }
        }
        return kept
    }

    private static func middle(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }
}
